import GRPCNIOTransportHTTP2Posix
import NIOCore

/// How the xDS port speaks HTTP/2.
enum XDSTransport {
  static func make(address: ListenAddress) -> HTTP2ServerTransport.Posix {
    HTTP2ServerTransport.Posix(
      address: address.host.contains(":")
        ? .ipv6(host: address.host, port: address.port)
        : .ipv4(host: address.host == "localhost" ? "127.0.0.1" : address.host, port: address.port),
      transportSecurity: .plaintext,
      config: .defaults { config in
        // A delta reconnect names every resource that the proxy holds.
        config.rpc.maxRequestPayloadSize = 64 << 20
        // Envoys that ping every second are well-behaved; the default cuts them off.
        config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .milliseconds(500)
        config.connection.keepalive.clientBehavior.allowWithoutCalls = true
        config.connection.keepalive.time = .seconds(30)
        config.connection.keepalive.timeout = .seconds(20)
        // NIO's 128 drops connections when a whole fleet comes back at once.
        config.channelDebuggingCallbacks.onBindTCPListener = { channel in
          channel.setOption(.backlog, value: 4096)
        }
      }
    )
  }
}
