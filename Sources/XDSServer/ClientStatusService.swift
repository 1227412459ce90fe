import EnvoyAPI
package import GRPCCore
import Snapshots
import SwiftProtobuf

/// Envoy's client status discovery service (CSDS): what each connected proxy was sent, and what it
/// made of it.
///
/// Source: Envoy, `envoy.service.status.v3.ClientStatusDiscoveryService`.
package struct ClientStatusService: RegistrableRPCService {
  private typealias Request = Envoy_Service_Status_V3_ClientStatusRequest
  private typealias Response = Envoy_Service_Status_V3_ClientStatusResponse

  static let name = "envoy.service.status.v3.ClientStatusDiscoveryService"

  private let board: SnapshotBoard
  private let proxies: ProxyBoard
  private let streams: OpenStreams

  init(board: SnapshotBoard, proxies: ProxyBoard, streams: OpenStreams) {
    self.board = board
    self.proxies = proxies
    self.streams = streams
  }

  /// Makes the methods callable by their names.
  package func registerMethods<Transport: ServerTransport>(
    with router: inout RPCRouter<Transport>
  ) {
    router.registerHandler(
      forMethod: MethodDescriptor(fullyQualifiedService: Self.name, method: "FetchClientStatus"),
      deserializer: MessageCoder<Request>(),
      serializer: MessageCoder<Response>()
    ) { request, _ in
      let request = try await ServerRequest(stream: request)
      return StreamingServerResponse(
        single: ServerResponse(message: try answer(request.message))
      )
    }
    router.registerHandler(
      forMethod: MethodDescriptor(fullyQualifiedService: Self.name, method: "StreamClientStatus"),
      deserializer: MessageCoder<Request>(),
      serializer: MessageCoder<Response>()
    ) { request, _ in
      StreamingServerResponse { writer in
        try await answer(request.messages, writer)
        return [:]
      }
    }
  }

  /// Answers each request, until the client has finished or the server stops.
  private func answer(
    _ requests: RPCAsyncSequence<Request, any Error>,
    _ writer: RPCWriter<Response>
  ) async throws {
    try await streams.withSignals { signals, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        defer { group.cancelAll() }
        group.addTask {
          for try await request in requests { try await writer.write(answer(request)) }
        }
        group.addTask {
          for await _ in signals where streams.isDrained { throw RPCError.draining }
        }
        try await group.next()
      }
    }
  }

  private func answer(_ request: Request) throws -> Response {
    let filter = try NodeFilter(request.nodeMatchers)
    let connections = proxies.connections.filter { filter.includes($0.node.id) }
    var report = ClientStatusReport(
      snapshots: board.snapshots,
      includesContents: !request.excludeResourceContents
    )
    let proxies = Dictionary(grouping: connections, by: \.node.id).sorted { $0.key < $1.key }
    return try Response.with {
      $0.config = try proxies.map { try report.config(of: $0.value) }
    }
  }
}
