import Foundation
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

  private func transportSocket(_ tls: EnvoyBootstrapTLS?, host: String) throws -> JSONValue? {
    let bootstrap = try JSONValue(
      yaml: EnvoyBootstrap(
        nodeID: "edge-1",
        fleet: "edge",
        xdsAddress: ListenAddress(host: host, port: 18000),
        adminAddress: ListenAddress(host: "::1", port: 9901),
        tls: tls
      ).yaml
    )
    guard case .array(let clusters) = bootstrap["static_resources"]?["clusters"] else { return nil }
    return clusters.first?["transport_socket"]
  }

  @Test func `without TLS it connects in the clear`() throws {
    #expect(try transportSocket(nil, host: "control.example.com") == nil)
  }

  @Test func `with TLS it shows its certificate, and trusts a CA and a name`() throws {
    let tls = EnvoyBootstrapTLS(
      ca: "/pki/ca #1.pem",
      certificate: "/pki/edge.pem",
      key: "/pki/edge-key.pem",
      serverName: nil
    )
    let socket = try transportSocket(tls, host: "control.example.com")
    #expect(socket?["name"] == "envoy.transport_sockets.tls")
    #expect(socket?["typed_config"]?["sni"] == "control.example.com")
    #expect(
      socket?["typed_config"]?["common_tls_context"] == [
        "alpn_protocols": ["h2"],
        "tls_certificates": [
          [
            "certificate_chain": ["filename": "/pki/edge.pem"],
            "private_key": ["filename": "/pki/edge-key.pem"],
          ]
        ],
        "validation_context": [
          "trusted_ca": ["filename": "/pki/ca #1.pem"],
          "match_typed_subject_alt_names": [
            ["san_type": "DNS", "matcher": ["exact": "control.example.com"]]
          ],
        ],
      ]
    )
  }

  @Test(arguments: [
    ("127.0.0.1", nil, "IP_ADDRESS", "127.0.0.1"), ("::1", nil, "IP_ADDRESS", "::1"),
    ("127.0.0.1", "control.example.com", "DNS", "control.example.com"),
  ])
  func `an address is matched as one and is no SNI`(
    host: String,
    serverName: String?,
    type: String,
    name: String
  ) throws {
    let tls = EnvoyBootstrapTLS(ca: "ca.pem", certificate: nil, key: nil, serverName: serverName)
    let config = try transportSocket(tls, host: host)?["typed_config"]
    #expect(config?["sni"] == (type == "DNS" ? .string(name) : nil))
    let validation = config?["common_tls_context"]?["validation_context"]
    #expect(
      validation?["match_typed_subject_alt_names"] == [
        ["san_type": .string(type), "matcher": ["exact": .string(name)]]
      ]
    )
    #expect(config?["common_tls_context"]?["tls_certificates"] == nil)
  }

  @Test func `a relative path is written absolute`() throws {
    let tls = EnvoyBootstrapTLS(ca: "ca.pem", certificate: nil, key: nil, serverName: nil)
    let file = try transportSocket(tls, host: "::1")?["typed_config"]?["common_tls_context"]?[
      "validation_context"
    ]?["trusted_ca"]?["filename"]
    #expect(file == .string(FileManager.default.currentDirectoryPath + "/ca.pem"))
  }
}
