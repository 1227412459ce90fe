import Model
import Testing

@testable import ControlPlane

@Suite struct EnvoyBootstrapTests {
  private func bootstrap(nodeID: String = "edge-1", xds host: String = "127.0.0.1") throws
    -> JSONValue
  {
    try JSONValue(
      yaml: EnvoyBootstrap(
        nodeID: nodeID,
        fleet: "edge",
        xdsAddress: ListenAddress(host: host, port: 18000),
        adminAddress: ListenAddress(host: "::1", port: 9901)
      ).yaml
    )
  }

  @Test(arguments: ["edge-1", "a: \"b\" #c", "\u{e9}\n", "yes", "1e3"])
  func `a node's id stands as it was given`(id: String) throws {
    #expect(try bootstrap(nodeID: id)["node"]?["id"] == .string(id))
  }

  @Test(arguments: [
    ("127.0.0.1", "STATIC"), ("::1", "STATIC"), ("control.example.com", "STRICT_DNS"),
  ])
  func `only a name is looked up`(host: String, type: String) throws {
    guard case .array(let clusters) = try bootstrap(xds: host)["static_resources"]?["clusters"]
    else { return #expect(Bool(false), "no clusters") }
    #expect(clusters.first?["type"] == .string(type))
  }

  @Test func `no service can have the name of the bootstrap's own cluster`() throws {
    #expect(!Name.isValid(EnvoyBootstrap.clusterName))
    let service = try bootstrap()["dynamic_resources"]?["ads_config"]?["grpc_services"]
    #expect(
      service == [
        [
          "envoy_grpc": [
            "cluster_name": .string(EnvoyBootstrap.clusterName),
            "retry_policy": [
              "retry_back_off": ["base_interval": "0.2s", "max_interval": "2s"]
            ],
          ]
        ]
      ]
    )
  }

  @Test func `clusters and listeners come by delta ADS`() throws {
    let dynamic = try bootstrap()["dynamic_resources"]
    #expect(dynamic?["ads_config"]?["api_type"] == "DELTA_GRPC")
    #expect(dynamic?["cds_config"]?["ads"] == [:])
    #expect(dynamic?["lds_config"]?["ads"] == [:])
  }
}
