import EnvoyAPI
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore
import Snapshots
import SwiftProtobuf
import Testing
import XDSServer

@testable import ControlPlane

private typealias Request = Envoy_Service_Discovery_V3_DeltaDiscoveryRequest
private typealias Response = Envoy_Service_Discovery_V3_DeltaDiscoveryResponse

@Suite(.timeLimit(.minutes(5)))
struct XDSTransportTests {
  @Test func `X6: a reconnect that names 100 000 resources is taken and answered in one response`()
    async throws
  {
    let board = SnapshotBoard()
    board.post(FleetSnapshots(others: Snapshot(revision: 1)), changed: nil)
    let names = (0..<100_000).map { "service-of-usual-length-\($0)" }
    var request = Request()
    request.node.id = "envoy-1"
    request.typeURL = ResourceType.cluster.url
    request.initialResourceVersions = Dictionary(
      names.map { ($0, "0123456789abcdef") },
      uniquingKeysWith: { $1 }
    )
    #expect(try request.serializedData().count > 4 << 20)

    let response = try await answer(to: request, from: board)

    #expect(response?.removedResources.sorted() == names.sorted())
  }

  /// Serves the board on a port of its own, and tells the first answer to a stream's first request.
  private func answer(to request: Request, from board: SnapshotBoard) async throws -> Response? {
    let services = XDSServices(
      board: board,
      proxies: ProxyBoard(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    return try await withListener(services) { port in
      try await withGRPCClient(
        transport: .http2NIOPosix(
          target: .ipv4(address: "127.0.0.1", port: port),
          transportSecurity: .plaintext
        )
      ) { client in
        let (requests, continuation) = AsyncStream.makeStream(of: Request.self)
        continuation.yield(request)
        return try await client.bidirectionalStreaming(
          request: StreamingClientRequest { writer in
            for await request in requests { try await writer.write(request) }
          },
          descriptor: MethodDescriptor(
            fullyQualifiedService: "envoy.service.discovery.v3.AggregatedDiscoveryService",
            method: "DeltaAggregatedResources"
          ),
          serializer: Coder<Request>(),
          deserializer: Coder<Response>(),
          options: .defaults
        ) { response in
          defer { continuation.finish() }
          for try await message in response.messages { return message }
          return nil
        }
      }
    }
  }
}

/// Serves on a port of its own while `body` runs.
func withListener<Result>(
  _ services: XDSServices,
  silence: TimeAmount = .hours(1),
  _ body: (_ port: Int) async throws -> Result
) async throws -> Result {
  let connections = XDSConnections()
  defer { connections.cut() }
  let listener = try await XDSListener(
    address: ListenAddress(host: "127.0.0.1", port: 0),
    services: services,
    connections: connections,
    silence: silence
  ).bind()
  defer { listener.close(promise: nil) }
  return try await body(listener.localAddress?.port ?? 0)
}

private struct Coder<M: Message>: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: M) throws -> Bytes {
    Bytes(try message.serializedBytes() as [UInt8])
  }

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> M {
    try M(serializedBytes: bytes.withUnsafeBytes { Array($0) })
  }
}
