import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOSSL

/// How many streams there are to be, where to, and how they speak.
struct StreamPlan: Sendable {
  var host: String
  var port: Int
  var dialect: Dialect
  var streams: Int
  /// Shared evenly by the streams.
  var connections: Int
  /// `node.cluster` of all.
  var fleet: String
  var tls: NIOSSLContext?

  init(
    _ target: FanoutTarget,
    _ dialect: Dialect,
    streams: Int,
    connections: Int,
    fleet: String = ""
  ) {
    (host, port, tls) = (target.host, target.port, target.tls)
    self.dialect = dialect
    self.streams = streams
    self.connections = connections
    self.fleet = fleet
  }
}

extension StreamPlan {
  /// Makes a connection with those of the streams.
  func configure(
    _ channel: any Channel,
    _ numbers: [Int],
    _ cache: ReferenceCache,
    _ events: StreamEvents
  ) throws {
    try secure(channel)
    let settings = [
      HTTP2Setting(parameter: .enablePush, value: 0),
      HTTP2Setting(parameter: .initialWindowSize, value: StreamsHandler.window),
    ]
    try channel.pipeline.syncOperations.addHandlers(
      NIOHTTP2Handler(mode: .client, initialSettings: settings),
      StreamsHandler(
        numbers.map { stream($0, cache, events) },
        headers: headers,
        events: events
      )
    )
  }

  private func secure(_ channel: any Channel) throws {
    guard let tls else { return }
    let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
    try channel.pipeline.syncOperations.addHandler(
      NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
    )
  }

  /// Of each stream's request.
  private var headers: HPACKHeaders {
    [
      ":method": "POST", ":scheme": tls == nil ? "http" : "https", ":path": dialect.path,
      ":authority": "\(host):\(port)", "content-type": "application/grpc", "te": "trailers",
    ]
  }

  private func stream(
    _ number: Int,
    _ cache: ReferenceCache,
    _ events: StreamEvents
  ) -> ProxyStream {
    let node = RequestFormat.node("bench-\(number + 1)", fleet: fleet)
    return ProxyStream(
      ProxyDialogue(RequestFormat(dialect: dialect), node: node, cache: cache),
      events: events
    )
  }
}
