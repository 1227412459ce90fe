import EnvoyAPI
package import GRPCCore
import Logging
import Snapshots
import XDSSession

/// Envoy's discovery services over gRPC, the aggregated one and those of one type: pumps one session
/// per stream.
///
/// Source: Envoy, "xDS REST and gRPC protocol".
package struct DiscoveryService: RegistrableRPCService {
  private let board: SnapshotBoard
  private let proxies: ProxyBoard
  private let streams: OpenStreams
  private let logger: Logger
  private let metrics: StreamMetrics
  private let patience: Duration
  private let cut: @Sendable (String) -> Void

  init(
    board: SnapshotBoard,
    proxies: ProxyBoard,
    streams: OpenStreams,
    logger: Logger,
    metrics: StreamMetrics,
    patience: Duration,
    cut: @escaping @Sendable (String) -> Void
  ) {
    self.board = board
    self.proxies = proxies
    self.streams = streams
    self.logger = logger
    self.metrics = metrics
    self.patience = patience
    self.cut = cut
  }

  /// Makes the methods callable by their names.
  package func registerMethods<Transport: ServerTransport>(
    with router: inout RPCRouter<Transport>
  ) {
    for method in DiscoveryMethod.all {
      switch method.dialect {
      case .stateOfTheWorld: register(method, StateOfTheWorldFormat(), with: &router)
      case .delta: register(method, DeltaFormat(), with: &router)
      }
    }
  }

  private func register<Transport: ServerTransport>(
    _ method: DiscoveryMethod,
    _ format: some Format,
    with router: inout RPCRouter<Transport>
  ) {
    router.registerHandler(
      forMethod: MethodDescriptor(fullyQualifiedService: method.service, method: method.name),
      deserializer: RequestDeserializer(format: format, type: method.type),
      serializer: FrameSerializer()
    ) { request, context in
      StreamingServerResponse { writer in
        try await serve(method, request.messages, writer, of: context.remotePeer)
        return [:]
      }
    }
  }

  private func serve(
    _ method: DiscoveryMethod,
    _ requests: RPCAsyncSequence<ProxyRequest, any Error>,
    _ writer: RPCWriter<[UInt8]>,
    of peer: String
  ) async throws {
    let mailbox = Mailbox()
    defer { if mailbox.isStalled { cut(peer) } }
    let id = streams.add { mailbox.end(.drained) }
    defer { streams.remove(id) }
    let pump = StreamPump(
      dialect: method.dialect,
      isAggregated: method.type == nil,
      board: board,
      proxies: proxies,
      mailbox: mailbox,
      writer: writer,
      logger: logger,
      metrics: metrics,
      patience: patience
    )
    try await withRPCCancellationHandler {
      try await pump.run(requests)
    } onCancelRPC: {
      mailbox.end(.drained)
    }
  }
}
