import EnvoyAPI
package import GRPCCore
package import Logging
package import Snapshots
import XDSSession

/// Envoy's aggregated discovery service over gRPC: pumps one session per stream.
///
/// Source: Envoy, `envoy.service.discovery.v3.AggregatedDiscoveryService`.
package struct DiscoveryService: RegistrableRPCService {
  private let board: SnapshotBoard
  private let proxies: ProxyBoard
  private let streams = OpenStreams()
  private let logger: Logger

  /// Makes a service that sends what is on the board, and notes on `proxies` who took it.
  package init(board: SnapshotBoard, proxies: ProxyBoard, logger: Logger) {
    self.board = board
    self.proxies = proxies
    self.logger = logger
  }

  /// Ends every stream with `UNAVAILABLE`, now and from now on: a proxy then keeps what it has and
  /// connects again.
  package func drain() { streams.drain() }

  /// Makes the methods callable by their names.
  package func registerMethods<Transport: ServerTransport>(
    with router: inout RPCRouter<Transport>
  ) {
    register(StateOfTheWorldFormat(), as: "StreamAggregatedResources", with: &router)
    register(DeltaFormat(), as: "DeltaAggregatedResources", with: &router)
  }

  private func register<Transport: ServerTransport>(
    _ format: some Format,
    as method: String,
    with router: inout RPCRouter<Transport>
  ) {
    let service = "envoy.service.discovery.v3.AggregatedDiscoveryService"
    router.registerHandler(
      forMethod: MethodDescriptor(fullyQualifiedService: service, method: method),
      deserializer: RequestDeserializer(format: format),
      serializer: FrameSerializer()
    ) { request, _ in
      StreamingServerResponse { writer in
        try await serve(format.dialect, request.messages, writer)
        return [:]
      }
    }
  }

  private func serve(
    _ dialect: Dialect,
    _ requests: RPCAsyncSequence<ProxyRequest, any Error>,
    _ writer: RPCWriter<[UInt8]>
  ) async throws {
    let mailbox = Mailbox()
    let id = streams.add(mailbox)
    defer { streams.remove(id) }
    let pump = StreamPump(
      dialect: dialect,
      board: board,
      proxies: proxies,
      mailbox: mailbox,
      writer: writer,
      logger: logger
    )
    try await withRPCCancellationHandler {
      try await pump.run(requests)
    } onCancelRPC: {
      mailbox.end(.drained)
    }
  }
}
