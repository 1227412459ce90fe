import EnvoyAPI
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore
import NIOPosix
import Snapshots
import SwiftProtobuf

@testable import XDSServer

typealias WholeRequest = Envoy_Service_Discovery_V3_DiscoveryRequest
typealias WholeResponse = Envoy_Service_Discovery_V3_DiscoveryResponse
typealias DeltaRequest = Envoy_Service_Discovery_V3_DeltaDiscoveryRequest
typealias DeltaResponse = Envoy_Service_Discovery_V3_DeltaDiscoveryResponse

/// The services of the xDS port, called by another's implementation of gRPC.
struct Harness: Sendable {
  typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

  static let aggregated = "envoy.service.discovery.v3.AggregatedDiscoveryService"

  let board: SnapshotBoard
  let proxies = ProxyBoard()
  let services: XDSServices

  init(
    metrics: StreamMetrics = StreamMetrics(),
    board: SnapshotBoard = SnapshotBoard(),
    patience: Duration = .seconds(60)
  ) {
    self.board = board
    services = XDSServices(
      board: board,
      proxies: proxies,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      metrics: metrics,
      patience: patience
    )
  }

  func post(_ revision: Int, _ resources: [Resource], changed: Set<ResourceKey>? = nil) {
    var snapshot = Snapshot(revision: revision)
    for resource in resources { snapshot[resource.type].insert(resource) }
    board.post(FleetSnapshots(others: snapshot), changed: changed)
  }

  /// Opens a stream that speaks delta and lets `body` talk over it.
  func withDelta<Result: Sendable>(
    _ body: @Sendable @escaping (Wire<DeltaRequest, DeltaResponse>) async throws -> Result
  ) async throws -> Result {
    try await withStream(Self.aggregated, "DeltaAggregatedResources", body)
  }

  /// Opens a stream that speaks state of the world and lets `body` talk over it.
  func withWhole<Result: Sendable>(
    _ body: @Sendable @escaping (Wire<WholeRequest, WholeResponse>) async throws -> Result
  ) async throws -> Result {
    try await withStream(Self.aggregated, "StreamAggregatedResources", body)
  }

  /// Opens a stream of any method and lets `body` talk over it.
  func withStream<Request: Message, Response: Message, Result: Sendable>(
    _ service: String,
    _ method: String,
    _ body: @Sendable @escaping (Wire<Request, Response>) async throws -> Result
  ) async throws -> Result {
    try await withClient { client in
      try await stream(client, service, method, body)
    }
  }

  /// Sends one request and tells the only answer.
  func call<Request: Message, Response: Message>(
    _ service: String,
    _ method: String,
    _ request: Request
  ) async throws -> Response {
    try await withClient { client in
      try await client.unary(
        request: ClientRequest(message: request),
        descriptor: MethodDescriptor(fullyQualifiedService: service, method: method),
        serializer: Coder<Request>(),
        deserializer: Coder<Response>(),
        options: .defaults
      ) { try $0.message }
    }
  }

  func withClient<Result: Sendable>(
    _ body: (Client) async throws -> Result
  ) async throws -> Result {
    let server = try await Loopback(services)
    let result: Swift.Result<Result, any Error>
    do {
      result = .success(
        try await withGRPCClient(
          transport: .http2NIOPosix(
            target: .ipv4(address: "127.0.0.1", port: server.port),
            transportSecurity: .plaintext
          )
        ) { try await body($0) }
      )
    } catch {
      result = .failure(error)
    }
    try await server.close()
    return try result.get()
  }

  /// Opens a stream on a connection that is shared with others.
  func stream<Request: Message, Response: Message, Result: Sendable>(
    _ client: Client,
    _ service: String,
    _ method: String,
    _ body: @Sendable @escaping (Wire<Request, Response>) async throws -> Result
  ) async throws -> Result {
    let (requests, continuation) = AsyncStream.makeStream(of: Request.self)
    return try await client.bidirectionalStreaming(
      request: StreamingClientRequest { writer in
        for await request in requests { try await writer.write(request) }
      },
      descriptor: MethodDescriptor(fullyQualifiedService: service, method: method),
      serializer: Coder<Request>(),
      deserializer: Coder<Response>(),
      options: .defaults
    ) { response in
      defer { continuation.finish() }
      return try await talk(Wire(requests: continuation), response.messages, body)
    }
  }

  private func talk<Request: Message, Response: Message, Result: Sendable>(
    _ wire: Wire<Request, Response>,
    _ messages: RPCAsyncSequence<Response, any Error>,
    _ body: @Sendable @escaping (Wire<Request, Response>) async throws -> Result
  ) async throws -> Result {
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await wire.relay(messages) }
      defer { wire.requests.finish() }
      return try await body(wire)
    }
  }
}

/// A client's end of a stream.
struct Wire<Request: Message, Response: Message>: Sendable {
  let requests: AsyncStream<Request>.Continuation
  private let responses: AsyncThrowingStream<Response, any Error>
  private let response: AsyncThrowingStream<Response, any Error>.Continuation

  init(requests: AsyncStream<Request>.Continuation) {
    self.requests = requests
    (responses, response) = AsyncThrowingStream.makeStream()
  }

  func send(_ change: (inout Request) -> Void) {
    var request = Request()
    change(&request)
    requests.yield(request)
  }

  /// The next response, or nil when the stream has ended.
  func next() async throws -> Response? {
    var iterator = responses.makeAsyncIterator()
    return try await iterator.next()
  }

  func relay(_ messages: RPCAsyncSequence<Response, any Error>) async {
    do {
      for try await message in messages { response.yield(message) }
      response.finish()
    } catch {
      response.finish(throwing: error)
    }
  }
}

struct Coder<M: Message>: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: M) throws -> Bytes {
    Bytes(try message.serializedBytes() as [UInt8])
  }

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> M {
    try M(serializedBytes: bytes.withUnsafeBytes { Array($0) })
  }
}

func cluster(_ name: String, _ content: String = "1") -> Resource {
  Resource(ResourceKey(.cluster, name), body: Array(content.utf8))
}
