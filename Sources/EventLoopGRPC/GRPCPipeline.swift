package import NIOCore
import NIOHTTP2

extension ChannelPipeline.SynchronousOperations {
  /// Serves gRPC over HTTP/2 on a connection, whose TLS, if any, is set up already.
  ///
  /// `methods` are named by their paths, `/package.Service/Method`. A message may have as many bytes
  /// as `messageLimit`. A client that has said nothing for 30 seconds is pinged, and has 20 to answer;
  /// after `ChannelShouldQuiesceEvent` the connection takes no more calls, and is closed after the
  /// last.
  ///
  /// Source: gRPC, "gRPC over HTTP2"; RFC 9113.
  package func addGRPC(_ methods: [String: GRPCMethod], messageLimit: Int) throws {
    var connection = NIOHTTP2Handler.ConnectionConfiguration()
    connection.initialSettings = [
      HTTP2Setting(parameter: .maxConcurrentStreams, value: 10_000),
      HTTP2Setting(
        parameter: .initialWindowSize,
        value: GRPCConnectionHandler.streamWindow
      ),
    ]
    // Proxies that ping several times a second are well-behaved. A short window takes less memory.
    connection.controlFrameRateLimit.maximumCount = 100
    connection.controlFrameRateLimit.windowLength = .seconds(3)
    // What still comes for a call that ended here ends the connection unless the call is remembered.
    connection.maximumRecentlyResetStreams = 256
    try addHandlers(
      NIOHTTP2Handler(mode: .server, connectionConfiguration: connection),
      NIOHTTP2ServerConnectionManagementHandler(
        eventLoop: eventLoop,
        configuration: .init(
          maxIdleTime: nil,
          maxAge: nil,
          maxGraceTime: nil,
          keepalive: .init(pingInterval: .seconds(30), ackTimeout: .seconds(20))
        )
      ),
      GRPCConnectionHandler(on: eventLoop, methods, messageLimit: messageLimit)
    )
  }
}
