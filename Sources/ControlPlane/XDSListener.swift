import NIOCore
import NIOPosix
import XDSServer

/// Accepts proxies' connections, by TLS or in the clear.
struct XDSListener {
  var address: ListenAddress
  var tls: TLSReloader?
  var services: XDSServices
  var connections: XDSConnections
  /// How long a client may say nothing: longer than it has to answer a ping.
  var silence = TimeAmount.seconds(60)

  func bind() async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // NIO's 128 drops connections when a whole fleet comes back at once.
      .serverChannelOption(.backlog, value: 4096)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        connections.add(channel)
        return channel.eventLoop.makeCompletedFuture {
          try SilenceHandler.add(to: channel, limit: silence)
          try tls?.secure(channel)
          try services.serve(on: channel)
        }
      }
      .bind(host: address.host == "localhost" ? "127.0.0.1" : address.host, port: address.port)
      .get()
  }
}
