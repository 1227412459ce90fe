import EnvoyAPI
import Model
import Snapshots
import SwiftProtobuf
import Testing
import XDSCompiler

@Test func `X29: each domain of a gateway has one virtual host, named after both`() throws {
  let document = try Document(
    json: """
      {"gateways": {"public": {"port": 80}},
       "routes": {
         "a": {"hosts": ["a.example.com", "*.example.com"],
               "match": {"prefix": "/a"}, "respond": {"status": 200}},
         "b": {"hosts": ["a.example.com"], "match": {"prefix": "/b"}, "respond": {"status": 200}},
         "c": {"match": {"prefix": "/"}, "respond": {"status": 404}}}}
      """
  )

  let resource = try #require(Compilation(of: document).fleets.others[.routes]["public"])
  let hosts = try Envoy_Config_Route_V3_RouteConfiguration(serializedBytes: resource.body)
    .virtualHosts

  #expect(
    hosts.map(\.name).sorted()
      == ["public/*", "public/*.example.com", "public/a.example.com"]
  )
  #expect(hosts.allSatisfy { $0.domains.count == 1 && $0.name == "public/\($0.domains[0])" })
}
