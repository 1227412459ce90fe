import EnvoyAPI
import HashTreeCollections
import Model
import Snapshots
import SwiftProtobuf
import Testing
import XDSCompiler

private let shop = """
  {"gateways": {"public": {"port": 80}, "inner": {"port": 81, "fleet": "inner"}},
   "services": {"users": {"endpoints": [{"address": "10.0.0.1", "port": 80}]},
                "named": {"endpoints": [{"address": "a.example.com", "port": 80}]}},
   "routes": {"users": {"match": {"prefix": "/users"}, "service": "users"},
              "named": {"gateways": ["inner"], "match": {"prefix": "/"}, "service": "named"}}}
  """

@Test func `a changed endpoint changes one resource`() throws {
  var document = try Document(json: shop)
  let compilation = try Compilation(of: document)
  let change = try document.edit(
    (
      ObjectKey(.service, "users"),
      .service(Service(endpoints: [.init(address: "10.0.0.2", port: 80)]))
    )
  )
  let next = try compilation.following(change, to: document)
  #expect(next.changed == [ResourceKey(.endpoints, "users")])
}

@Test func `a gateway that moves is another listener with the same route configuration`() throws {
  var document = try Document(json: shop)
  let compilation = try Compilation(of: document)
  let change = try document.edit((ObjectKey(.gateway, "public"), .gateway(Gateway(port: 8080))))
  let next = try compilation.following(change, to: document)
  let former = ResourceKey(.listener, "public/0.0.0.0:80")
  let moved = ResourceKey(.listener, "public/0.0.0.0:8080")
  #expect(next.changed == [former, moved])
  #expect(next.fleets.others[former] == nil)
  #expect(next.fleets.others[moved]?.needs == [ResourceKey(.routes, "public")])
}

@Test func `an IPv6 address is in brackets in a listener's name`() throws {
  var document = Document()
  document[ObjectKey(.gateway, "six")] = .gateway(Gateway(address: "::1", port: 80))
  let listeners = try Compilation(of: document).fleets.others[.listener]
  #expect(Array(listeners.byName.keys) == ["six/[::1]:80"])
}

@Test func `a change that no proxy sees changes no resource`() throws {
  var document = try Document(json: shop)
  let compilation = try Compilation(of: document)
  let change = try document.edit(
    (ObjectKey(.gateway, "public"), .gateway(Gateway(port: 80, labels: ["team": "x"])))
  )
  #expect(try compilation.following(change, to: document).changed == [])
}

@Test func `fleets share the resources that they both have`() throws {
  let fleets = try Compilation(of: Document(json: shop)).fleets
  let key = ResourceKey(.cluster, "users")
  #expect(fleets["inner"][key] != nil)
  #expect(fleets["inner"][key] === fleets.others[key])
}

@Test func `a fleet that no gateway names gets what every proxy gets`() throws {
  let fleets = try Compilation(of: Document(json: shop)).fleets
  #expect(Array(fleets["unheard-of"][.listener].byName.keys) == ["public/0.0.0.0:80"])
  #expect(Array(fleets["unheard-of"][.cluster].byName.keys) == ["users"])
}

@Test func `a resource needs what it refers to`() throws {
  let snapshot = try Compilation(of: Document(json: shop)).fleets["inner"]
  #expect(snapshot[.cluster]["users"]?.needs == [ResourceKey(.endpoints, "users")])
  #expect(snapshot[.cluster]["named"]?.needs == [])
  #expect(snapshot[.listener]["inner/0.0.0.0:81"]?.needs == [ResourceKey(.routes, "inner")])
  #expect(
    snapshot[.routes]["inner"]?.needs
      == [ResourceKey(.cluster, "named"), ResourceKey(.cluster, "users")]
  )
}

@Test func `only a cluster that looks names up warms beyond its assignment`() throws {
  let clusters = try Compilation(of: Document(json: shop)).fleets["inner"][.cluster]
  #expect(clusters["named"]?.warmsBeyondAssignment == true)
  #expect(clusters["users"]?.warmsBeyondAssignment == false)
}

@Test(arguments: GoldenCase.all)
func `bytes that were put together are those of the whole message`(golden: GoldenCase) throws {
  var options = BinaryEncodingOptions()
  options.useDeterministicOrdering = true
  for resource in try golden.compile().fleets.byFleet.values.flatMap({ $0[.routes].byName.values })
  {
    let message = try Envoy_Config_Route_V3_RouteConfiguration(serializedBytes: resource.body)
    let bytes: [UInt8] = try message.serializedBytes(options: options)
    #expect(bytes == resource.body)
  }
}

@Test func `the next revision's snapshots are made by following, and the former stay`() throws {
  var document = try Document(json: shop)
  let compilation = try Compilation(of: document)
  let change = try document.edit((ObjectKey(.route, "users"), nil))
  let next = try compilation.following(change, to: document)
  #expect(next.fleets.others[.cluster].count == 0)
  #expect(compilation.fleets.others[.cluster].count == 1)
}
