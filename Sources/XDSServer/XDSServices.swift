package import GRPCCore
package import Logging
package import Snapshots

/// All that the xDS port serves: the discovery services, client status, and the server's health.
package struct XDSServices: Sendable {
  private let streams = OpenStreams()
  /// To be registered with a server.
  package let all: [any RegistrableRPCService]

  /// Makes the services that send what is on the board, and note on `proxies` who took it.
  ///
  /// A client that leaves a response unread for as long as `patience`, while newer content waits, is
  /// given up: its stream ends with `RESOURCE_EXHAUSTED`, and `cut` is to close its connection, named
  /// as in `ServerContext.remotePeer`, for even the stream's end would wait to be read.
  package init(
    board: SnapshotBoard,
    proxies: ProxyBoard,
    logger: Logger,
    metrics: StreamMetrics = StreamMetrics(),
    patience: Duration = .seconds(60),
    cut: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    let discovery = DiscoveryService(
      board: board,
      proxies: proxies,
      streams: streams,
      logger: logger,
      metrics: metrics,
      patience: patience,
      cut: cut
    )
    all = [
      discovery,
      ClientStatusService(board: board, proxies: proxies, streams: streams),
      HealthService(board: board, streams: streams),
    ]
  }

  /// Ends every stream with `UNAVAILABLE`, now and from now on: a proxy then keeps what it has and
  /// connects again.
  package func drain() { streams.drain() }

  /// The full names of the services.
  static let names =
    Set(DiscoveryMethod.all.map(\.service)).union([ClientStatusService.name, HealthService.name])
}
