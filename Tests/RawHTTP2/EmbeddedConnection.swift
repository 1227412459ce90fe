package import NIOCore
import NIOEmbedded
import NIOHPACK
package import NIOHTTP2

/// A connection without a network, both ends on one thread: time passes only as the test says, and
/// nothing happens between two of its lines.
///
/// The client grants no window by itself.
package final class EmbeddedConnection {
  private let server = EmbeddedChannel()
  private let client = EmbeddedChannel()
  private let log = FrameLog()
  private var last = -1
  package private(set) var isClosed = false

  /// Connects to what `serve` puts onto a channel; each stream of it may send `window` bytes.
  package init(window: Int, _ serve: (any Channel) throws -> Void) throws {
    try serve(server)
    let settings = [HTTP2Setting(parameter: .initialWindowSize, value: window)]
    try client.pipeline.syncOperations.addHandlers(
      NIOHTTP2Handler(mode: .client, initialSettings: settings),
      log
    )
    server.closeFuture.assumeIsolated().whenComplete { [self] _ in isClosed = true }
    server.pipeline.fireChannelActive()
    client.pipeline.fireChannelActive()
    try exchange()
  }

  /// Begins a call; a message follows before the server can answer.
  package func open(_ path: String, saying message: [UInt8]? = nil) throws -> HTTP2StreamID {
    last += 2
    let headers: HPACKHeaders = [
      ":method": "POST", ":scheme": "http", ":path": path, ":authority": "test",
      "content-type": "application/grpc", "te": "trailers",
    ]
    let id = HTTP2StreamID(last)
    write(.headers(.init(headers: headers)), on: id)
    if let message { write(.message(message), on: id) }
    try exchange()
    return id
  }

  /// Tells the server's end that the connection is to end; the client has not heard of it before it
  /// has sent the next frame.
  package func quiesce() {
    server.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
  }

  /// Ends the client's side of a call.
  package func finish(_ id: HTTP2StreamID) throws {
    try send(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)), on: id)
  }

  /// Sends a message.
  package func send(_ message: [UInt8], on id: HTTP2StreamID) throws {
    try send(.message(message), on: id)
  }

  /// Lets the server send more on a stream.
  package func grant(_ size: Int, on id: HTTP2StreamID) throws {
    try send(.windowUpdate(windowSizeIncrement: size), on: id)
  }

  private func send(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID) throws {
    write(payload, on: id)
    try exchange()
  }

  private func write(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID) {
    client.writeAndFlush(HTTP2Frame(streamID: id, payload: payload), promise: nil)
  }

  /// Lets time pass.
  package func advance(by time: TimeAmount) throws {
    server.embeddedEventLoop.advanceTime(by: time)
    try exchange()
  }

  /// Lets both ends do what they have to do now.
  package func exchange() throws {
    var isQuiet = false
    while !isQuiet {
      server.embeddedEventLoop.run()
      client.embeddedEventLoop.run()
      isQuiet = true
      while !isClosed, let bytes = try client.takeOutbound() {
        try server.writeInbound(bytes)
        isQuiet = false
      }
      while let bytes = try server.takeOutbound() {
        try client.writeInbound(bytes)
        isQuiet = false
      }
    }
  }

  /// The messages that have come on a stream.
  package func messages(on id: HTTP2StreamID) -> [[UInt8]] {
    var bytes = log.frames.filter { $0.streamID == id }.flatMap(\.payload.bytes)[...]
    var messages: [[UInt8]] = []
    while bytes.count >= 5 {
      let length = bytes.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
      guard bytes.count >= 5 + length else { break }
      messages.append(Array(bytes.dropFirst(5).prefix(length)))
      bytes = bytes.dropFirst(5 + length)
    }
    return messages
  }

  /// The `grpc-status` that a call has ended with.
  package func status(of id: HTTP2StreamID) -> String? {
    for frame in log.frames where frame.streamID == id {
      if case .headers(let head) = frame.payload, head.endStream {
        return head.headers.first(name: "grpc-status")
      }
    }
    return nil
  }

  /// Closes both ends.
  package func close() {
    server.close(promise: nil)
    client.close(promise: nil)
    server.embeddedEventLoop.run()
    client.embeddedEventLoop.run()
  }
}

extension EmbeddedChannel {
  fileprivate func takeOutbound() throws -> ByteBuffer? {
    guard case .byteBuffer(let bytes)? = try readOutbound(as: IOData.self) else { return nil }
    return bytes
  }
}

extension HTTP2Frame.FramePayload {
  fileprivate static func message(_ message: [UInt8]) -> Self {
    .data(.init(data: .byteBuffer(ByteBuffer(bytes: RawMessage.prefixed(message)))))
  }

  fileprivate var bytes: [UInt8] {
    guard case .data(let data) = self, case .byteBuffer(let bytes) = data.data else { return [] }
    return Array(bytes.readableBytesView)
  }
}

private final class FrameLog: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame

  private(set) var frames: [HTTP2Frame] = []

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    frames.append(unwrapInboundIn(data))
  }
}
