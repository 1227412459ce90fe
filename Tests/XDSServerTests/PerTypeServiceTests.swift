import EnvoyAPI
import GRPCCore
import Snapshots
import SwiftProtobuf
import Testing

@testable import XDSServer

@Suite(.timeLimit(.minutes(5)))
struct PerTypeServiceTests {
  /// A service, what its methods end in, and its type.
  struct Service: CustomTestStringConvertible, Sendable {
    var name: String
    var resources: String
    var type: ResourceType

    var testDescription: String { resources }
  }

  static let services = [
    Service(
      name: "envoy.service.cluster.v3.ClusterDiscoveryService",
      resources: "Clusters",
      type: .cluster
    ),
    Service(
      name: "envoy.service.endpoint.v3.EndpointDiscoveryService",
      resources: "Endpoints",
      type: .endpoints
    ),
    Service(
      name: "envoy.service.listener.v3.ListenerDiscoveryService",
      resources: "Listeners",
      type: .listener
    ),
    Service(
      name: "envoy.service.route.v3.RouteDiscoveryService",
      resources: "Routes",
      type: .routes
    ),
    Service(
      name: "envoy.service.secret.v3.SecretDiscoveryService",
      resources: "Secrets",
      type: .secret
    ),
  ]
  static let virtualHosts = Service(
    name: "envoy.service.route.v3.VirtualHostDiscoveryService",
    resources: "VirtualHosts",
    type: .virtualHost
  )

  let harness = Harness()

  /// A resource of each type, of the same name.
  func postAll(_ revision: Int, _ content: String) {
    harness.post(
      revision,
      ResourceType.allCases.map { Resource(ResourceKey($0, "a"), body: Array(content.utf8)) }
    )
  }

  @Test(arguments: services + [virtualHosts], [true, false])
  func `X5: a delta stream of one type is sent that type`(
    service: Service,
    namesType: Bool
  ) async throws {
    postAll(1, "1")
    try await harness.withStream(service.name, "Delta\(service.resources)") {
      (wire: Wire<DeltaRequest, DeltaResponse>) async throws in
      wire.send {
        $0.node.id = "n"
        if namesType { $0.typeURL = service.type.url }
        $0.resourceNamesSubscribe = ["a"]
      }
      let first = try #require(try await wire.next())
      #expect(first.typeURL == service.type.url)
      #expect(first.resources.map(\.resource.typeURL) == [service.type.url])
      wire.send { $0.responseNonce = first.nonce }
      postAll(2, "2")
      let second = try #require(try await wire.next())
      #expect(second.resources.map { Array($0.resource.value) } == [Array("2".utf8)])
      #expect(second.typeURL == service.type.url)
    }
  }

  @Test(arguments: services, [true, false])
  func `X5: a state-of-the-world stream of one type is sent that type`(
    service: Service,
    namesType: Bool
  ) async throws {
    postAll(1, "1")
    try await harness.withStream(service.name, "Stream\(service.resources)") {
      (wire: Wire<WholeRequest, WholeResponse>) async throws in
      wire.send {
        $0.node.id = "n"
        if namesType { $0.typeURL = service.type.url }
        $0.resourceNames = ["a"]
      }
      let first = try #require(try await wire.next())
      #expect(first.typeURL == service.type.url)
      #expect(first.resources.map(\.typeURL) == [service.type.url])
      wire.send {
        $0.resourceNames = ["a"]
        $0.responseNonce = first.nonce
        $0.versionInfo = first.versionInfo
      }
      postAll(2, "2")
      let second = try #require(try await wire.next())
      #expect(second.resources.map { Array($0.value) } == [Array("2".utf8)])
    }
  }

  @Test(arguments: services)
  func `a request for another type ends the stream with INVALID_ARGUMENT`(
    service: Service
  ) async throws {
    postAll(1, "1")
    let error = await #expect(throws: RPCError.self) {
      try await harness.withStream(service.name, "Delta\(service.resources)") {
        (wire: Wire<DeltaRequest, DeltaResponse>) async throws in
        wire.send { $0.node.id = "n" }
        _ = try await wire.next()
        wire.send { $0.typeURL = ResourceType.virtualHost.url }
        _ = try await wire.next()
      }
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(service.type.url) == true)
  }

  @Test func `X7: a proxy may have a stream for each type`() async throws {
    postAll(1, "1")
    try await harness.withClient { [harness] client in
      try await harness.stream(client, Self.services[0].name, "DeltaClusters") {
        (clusters: Wire<DeltaRequest, DeltaResponse>) async throws in
        clusters.send { $0.node.id = "n" }
        _ = try await clusters.next()
        try await harness.stream(client, Self.services[1].name, "StreamEndpoints") {
          (endpoints: Wire<WholeRequest, WholeResponse>) async throws in
          endpoints.send {
            $0.node.id = "n"
            $0.resourceNames = ["a"]
          }
          _ = try await endpoints.next()
          let connections = harness.proxies.connections
          #expect(connections.map(\.node.id) == ["n", "n"])
          #expect(connections.map { Array($0.types.keys) } == [[.cluster], [.endpoints]])
        }
      }
    }
  }

  @Test func `X1: a stream of assignments that comes back is sent only what is new`() async throws {
    postAll(1, "1")
    let version = try await assignments { wire in
      wire.send {
        $0.node.id = "n"; $0.resourceNames = ["a"]
      }
      return try await wire.next()?.versionInfo ?? ""
    }
    let sent = try await assignments { [harness] wire in
      wire.send {
        $0.node.id = "n"
        $0.resourceNames = ["a"]
        $0.versionInfo = version
      }
      while harness.proxies.connections.first?.types[.endpoints] == nil { await Task.yield() }
      postAll(2, "2")
      return try await wire.next()?.resources.map { Array($0.value) }
    }
    #expect(sent == [Array("2".utf8)])
  }

  private func assignments<Result: Sendable>(
    _ body: @Sendable @escaping (Wire<WholeRequest, WholeResponse>) async throws -> Result
  ) async throws -> Result {
    try await harness.withStream(Self.services[1].name, "StreamEndpoints", body)
  }

  @Test func `X21: a stream of route configurations does not wait for clusters`() async throws {
    let routes = Resource(
      ResourceKey(.routes, "r"),
      body: [1],
      needs: [ResourceKey(.cluster, "a")]
    )
    harness.post(1, [cluster("a"), routes])
    try await harness.withStream(Self.services[3].name, "DeltaRoutes") {
      (wire: Wire<DeltaRequest, DeltaResponse>) async throws in
      wire.send {
        $0.node.id = "n"
        $0.resourceNamesSubscribe = ["r"]
      }
      #expect(try await wire.next()?.resources.map(\.name) == ["r"])
    }
  }
}
