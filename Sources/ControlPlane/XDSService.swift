import Logging
import NIOCore
import ServiceLifecycle
import Snapshots
import XDSServer

/// Serves xDS over gRPC until graceful shutdown.
///
/// It listens only once there is something to serve, so that no proxy is ever shown an empty
/// configuration while the committed one loads.
struct XDSService: Service {
  var address: ListenAddress
  var tls: TLSReloader?
  var board: SnapshotBoard
  var proxies: ProxyBoard
  var logger: Logger
  var metrics: StreamMetrics
  var listening: @Sendable (ListenAddress) -> Void

  func run() async throws {
    for await _ in board.postings().cancelOnGracefulShutdown() { break }
    if Task.isShuttingDownGracefully || Task.isCancelled { return }
    let services = XDSServices(board: board, proxies: proxies, logger: logger, metrics: metrics)
    let connections = XDSConnections()
    let listener = XDSListener(
      address: address,
      tls: tls,
      services: services,
      connections: connections
    )
    let channel = try await bind(listener)
    listening(ListenAddress(host: address.host, port: channel.localAddress?.port ?? 0))
    defer { connections.cut() }
    try await withGracePeriod(.seconds(2), onExpiry: connections.cut) {
      defer { channel.close(promise: nil) }
      try await gracefulShutdown()
      // Whatever became of the port: the connections are to end in order.
      try? await channel.close()
      connections.quiesce()
      services.drain()
      await connections.closed()
    }
  }

  private func bind(_ listener: XDSListener) async throws -> any Channel {
    do {
      return try await listener.bind()
    } catch let error as IOError {
      throw StartupError(listeningOn: address, flag: "--xds-address", cause: error)
    }
  }
}
