import EnvoyAPI
import GRPCCore
import SwiftProtobuf
import Testing

@testable import XDSServer

private typealias Request = Grpc_Health_V1_HealthCheckRequest
private typealias Response = Grpc_Health_V1_HealthCheckResponse

@Suite(.timeLimit(.minutes(5)))
struct HealthServiceTests {
  static let health = "grpc.health.v1.Health"
  static let known = [
    "", health, Harness.aggregated,
    "envoy.service.cluster.v3.ClusterDiscoveryService",
    "envoy.service.endpoint.v3.EndpointDiscoveryService",
    "envoy.service.listener.v3.ListenerDiscoveryService",
    "envoy.service.route.v3.RouteDiscoveryService",
    "envoy.service.route.v3.VirtualHostDiscoveryService",
    "envoy.service.secret.v3.SecretDiscoveryService",
    "envoy.service.status.v3.ClientStatusDiscoveryService",
  ]

  let harness = Harness()

  func check(_ service: String) async throws -> Grpc_Health_V1_HealthCheckResponse.ServingStatus {
    let request = Request.with { $0.service = service }
    let response: Response = try await harness.call(Self.health, "Check", request)
    return response.status
  }

  @Test(arguments: known)
  func `a service serves once something is posted and until the server stops`(
    service: String
  ) async throws {
    #expect(try await check(service) == .notServing)
    harness.post(1, [])
    #expect(try await check(service) == .serving)
    harness.services.drain()
    #expect(try await check(service) == .notServing)
  }

  @Test func `a check of an unknown service ends with NOT_FOUND`() async throws {
    let error = await #expect(throws: RPCError.self) { try await check("x.Y") }
    #expect(error?.code == .notFound)
  }

  @Test func `a watch tells each change, and ends with the server`() async throws {
    try await harness.withStream(Self.health, "Watch") {
      [harness] (wire: Wire<Request, Response>) async throws in
      wire.send { $0.service = Harness.aggregated }
      wire.requests.finish()
      #expect(try await wire.next()?.status == .notServing)
      harness.post(1, [])
      #expect(try await wire.next()?.status == .serving)
      // Changes nothing, and is not told.
      harness.post(2, [])
      harness.services.drain()
      #expect(try await wire.next()?.status == .notServing)
      let error = await #expect(throws: RPCError.self) { _ = try await wire.next() }
      #expect(error?.code == .unavailable)
    }
  }

  @Test func `a watch of an unknown service stays open`() async throws {
    try await harness.withStream(Self.health, "Watch") {
      [harness] (wire: Wire<Request, Response>) async throws in
      wire.send { $0.service = "x.Y" }
      wire.requests.finish()
      #expect(try await wire.next()?.status == .serviceUnknown)
      harness.services.drain()
      let error = await #expect(throws: RPCError.self) { _ = try await wire.next() }
      #expect(error?.code == .unavailable)
    }
  }
}
