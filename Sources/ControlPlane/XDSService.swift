import GRPCCore
import GRPCNIOTransportHTTP2Posix
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
    let connections = XDSConnections()
    let services = XDSServices(
      board: board,
      proxies: proxies,
      logger: logger,
      metrics: metrics,
      cut: connections.cut
    )
    let transport = XDSTransport.make(address: address, tls: tls, connections: connections)
    let server = GRPCServer(transport: transport, services: services.all)
    try await withGracefulShutdownHandler {
      try await withGracePeriod(.seconds(2), onExpiry: connections.cutAll) {
        try await withThrowingTaskGroup { group in
          group.addTask { try await serve(server) }
          group.addTask { await announce(transport) }
          try await group.waitForAll()
        }
      }
    } onGracefulShutdown: {
      server.beginGracefulShutdown()
      services.drain()
    }
  }

  private func serve(_ server: GRPCServer<XDSTransport>) async throws {
    do {
      try await server.serve()
    } catch let error as RuntimeError where error.cause is IOError {
      throw StartupError(listeningOn: address, flag: "--xds-address", cause: error)
    } catch let error as IOError {
      throw StartupError(listeningOn: address, flag: "--xds-address", cause: error)
    }
  }

  private func announce(_ transport: XDSTransport) async {
    // Where there is none, serving has failed too, and says why.
    guard let bound = await transport.listeningAddress else { return }
    listening(ListenAddress(host: address.host, port: bound.ipv4?.port ?? bound.ipv6?.port ?? 0))
  }
}
