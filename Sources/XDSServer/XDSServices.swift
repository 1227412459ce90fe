import EventLoopGRPC
package import Logging
package import NIOCore
package import Snapshots

/// All that the xDS port serves: the discovery services, client status, and the server's health.
package struct XDSServices: Sendable {
  /// How long a request may be, in bytes: a delta reconnect names every resource that the proxy has.
  private static let requestLimit = 64 << 20

  private let streams = OpenStreams()
  private let methods: [String: GRPCMethod]

  /// Makes the services that send what is on the board, and note on `proxies` who took it.
  ///
  /// The connection of a client is closed that leaves a response unread for as long as `patience`,
  /// while newer content waits.
  package init(
    board: SnapshotBoard,
    proxies: ProxyBoard,
    logger: Logger,
    metrics: StreamMetrics = StreamMetrics(),
    patience: Duration = .seconds(60)
  ) {
    let discovery = DiscoveryService(
      board: board,
      proxies: proxies,
      streams: streams,
      logger: logger,
      metrics: metrics,
      patience: patience
    )
    let status = ClientStatusService(board: board, proxies: proxies, streams: streams)
    let health = HealthService(board: board, streams: streams)
    methods = discovery.methods.merging(status.methods) { $1 }.merging(health.methods) { $1 }
  }

  /// Serves them on a connection, whose TLS, if any, is set up already; called on its event loop.
  package func serve(on channel: any Channel) throws {
    try channel.pipeline.syncOperations.addGRPC(methods, messageLimit: Self.requestLimit)
  }

  /// Ends every stream with `UNAVAILABLE`, now and from now on: a proxy then keeps what it has and
  /// connects again.
  package func drain() { streams.drain() }

  /// The full names of the services.
  static let names =
    Set(DiscoveryMethod.all.map(\.service)).union([ClientStatusService.name, HealthService.name])
}
