import GRPCNIOTransportHTTP2Posix
import NIOCore
import NIOPosix

/// Accepts proxies' connections, by TLS or in the clear.
///
/// The transport's own listener makes its TLS once; this one asks for it at each connection.
struct XDSListener: HTTP2ServerTransport.ListenerFactory {
  var address: ListenAddress
  var tls: TLSReloader?
  var connections: XDSConnections
  /// How long a client may say nothing: longer than it has to answer a ping.
  var silence: TimeAmount

  var eventLoopGroup: any EventLoopGroup { MultiThreadedEventLoopGroup.singleton }

  func makeListeningChannel(
    listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
    connectionConfigurator: HTTP2ServerTransport.ConnectionConfigurator
  ) async throws -> NIOAsyncChannel<
    HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel, Never
  > {
    try await ServerBootstrap(group: eventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // NIO's 128 drops connections when a whole fleet comes back at once.
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelInitializer { listenerConfigurator.configure(channel: $0) }
      .bind(
        host: address.host == "localhost" ? "127.0.0.1" : address.host,
        port: address.port
      ) { channel in
        connections.add(channel)
        return channel.eventLoop.makeCompletedFuture {
          try SilenceHandler.add(to: channel, limit: silence)
          try tls?.secure(channel)
        }.flatMap {
          connectionConfigurator.configure(
            channel: channel,
            tls: tls == nil ? .none : .configured(requireALPN: false)
          )
        }
      }
  }
}
