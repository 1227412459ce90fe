import EnvoyAPI
import HashTreeCollections
import Model
import Snapshots
import SwiftProtobuf
import Testing
import XDSCompiler

/// X29: routes by domain.
struct VirtualHostTests {
  let document = """
    {"gateways": {"public": {"port": 80}},
     "services": {"users": {"endpoints": []}, "shop": {"endpoints": []}},
     "routes": {
       "a": {"hosts": ["a.example.com", "*.example.com"],
             "match": {"prefix": "/a"}, "service": "users"},
       "b": {"hosts": ["a.example.com"], "match": {"prefix": "/b"}, "service": "shop"},
       "c": {"match": {"prefix": "/"}, "respond": {"status": 404}}}}
    """

  @Test func `X29: each domain of a gateway has one virtual host, named after both`() throws {
    let snapshot = try Compilation(of: Document(json: document)).fleets.others
    let hosts = try snapshot[.virtualHost].byName.mapValues {
      try Envoy_Config_Route_V3_VirtualHost(serializedBytes: $0.body)
    }
    let names = ["public/vhds/*", "public/vhds/*.example.com", "public/vhds/a.example.com"]
    #expect(hosts.keys.sorted() == names)
    #expect(hosts.allSatisfy { $0.key == $0.value.name })
    #expect(hosts.values.allSatisfy { $0.name == "public/vhds/\($0.domains.joined())" })
    #expect(snapshot[.virtualHost].virtualHosts(of: "public/vhds").count == 3)
  }

  @Test func `X29: a virtual host needs the clusters of its own routes`() throws {
    let snapshot = try Compilation(of: Document(json: document)).fleets.others
    let needs = snapshot[.virtualHost].byName.mapValues { $0.needs.map(\.name) }
    #expect(needs["public/vhds/a.example.com"] == ["shop", "users"])
    #expect(needs["public/vhds/*.example.com"] == ["users"])
    #expect(needs["public/vhds/*"] == [])
  }

  @Test func `X29: the route configuration for state of the world is made of the same hosts`()
    throws
  {
    let snapshot = try Compilation(of: Document(json: document)).fleets.others
    let whole = try #require(snapshot[.routes]["public"])
    let hosts = try Envoy_Config_Route_V3_RouteConfiguration(serializedBytes: whole.body)
      .virtualHosts.map { try $0.serializedBytes() as [UInt8] }
    let names = snapshot[.virtualHost].byName.keys.sorted()
    #expect(hosts == names.map { snapshot[.virtualHost][$0]?.body })
    #expect(whole.needs.map(\.name) == ["shop", "users"])
    #expect(!whole.awaitsVirtualHosts)
  }

  @Test func `X29: a changed route changes its virtual hosts and no others`() throws {
    var document = try Document(json: document)
    let compilation = try Compilation(of: document)
    var route = try #require(document.routes["b"])
    route.priority = 7
    let change = try document.edit((ObjectKey(.route, "b"), .route(route)))
    let next = try compilation.following(change, to: document)
    let host = ResourceKey(.virtualHost, "public/vhds/a.example.com")
    #expect(next.changed == [ResourceKey(.routes, "public"), host])
  }

  @Test func `X29: listeners name route configurations of the kind that a stream gets`() throws {
    let snapshot = try Compilation(of: Document(json: document)).fleets.others
    let name = "public/0.0.0.0:80"
    #expect(snapshot[.listener][name]?.needs == [ResourceKey(.routes, "public")])
    #expect(snapshot.hostwise[.listener][name]?.needs == [ResourceKey(.routes, "public/vhds")])
    #expect(snapshot[.routes]["public/vhds"]?.awaitsVirtualHosts == true)
  }
}
