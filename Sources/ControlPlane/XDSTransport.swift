import GRPCNIOTransportHTTP2Posix
import NIOCore

/// How the xDS port speaks HTTP/2.
typealias XDSTransport = HTTP2ServerTransport.Custom<XDSListener>

extension HTTP2ServerTransport.Custom<XDSListener> {
  /// A transport that listens once its server serves; without TLS it speaks in the clear.
  static func make(
    address: ListenAddress,
    tls: TLSReloader? = nil,
    connections: XDSConnections = XDSConnections(),
    silence: TimeAmount = .seconds(60)
  ) -> XDSTransport {
    var config = Config.defaults
    // A delta reconnect names every resource that the proxy holds.
    config.rpc.maxRequestPayloadSize = 64 << 20
    // Envoys that ping every second are well-behaved; the default cuts them off.
    config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .milliseconds(500)
    config.connection.keepalive.clientBehavior.allowWithoutCalls = true
    config.connection.keepalive.time = .seconds(30)
    config.connection.keepalive.timeout = .seconds(20)
    let listener = XDSListener(
      address: address,
      tls: tls,
      connections: connections,
      silence: silence
    )
    return XDSTransport(listenerFactory: listener, config: config)
  }
}
