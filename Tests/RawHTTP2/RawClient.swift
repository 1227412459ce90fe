import NIOCore
package import NIOHPACK
package import NIOHTTP2
import NIOPosix

/// A client that does of HTTP/2 only what it is told: it lets the server send no more than the
/// windows that it grants, and ends, resets and pings nothing by itself.
///
/// It answers pings and settings. It is used by one task at a time.
package final class RawClient {
  /// How much a client's window may have, in bytes.
  ///
  /// Source: RFC 9113, section 6.9.1.
  package static let widestWindow = Int(Int32.max)
  private static let initialWindow = 65_535

  private let channel: any Channel
  private let frames: AsyncStream<HTTP2Frame>
  private var last = -1
  /// Whether the server had said that the connection is to end when it answered the last `ping`.
  private(set) package var hasGoneAway = false
  /// What has come for streams that were not asked about.
  private var kept: [HTTP2StreamID: [HTTP2Frame]] = [:]
  /// What has come of a stream's next message.
  private var parts: [HTTP2StreamID: [UInt8]] = [:]

  private init(_ channel: any Channel, _ frames: AsyncStream<HTTP2Frame>) {
    self.channel = channel
    self.frames = frames
  }

  /// Connects to a port of this machine.
  ///
  /// Each stream of the server, and all of them, may send `window` bytes; that of all is at least
  /// what HTTP/2 begins with.
  package static func connect(to port: Int, window: Int = widestWindow) async throws -> RawClient {
    let (frames, continuation) = AsyncStream.makeStream(of: HTTP2Frame.self)
    let settings = [HTTP2Setting(parameter: .initialWindowSize, value: window)]
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(
            NIOHTTP2Handler(mode: .client, initialSettings: settings),
            FrameCollector(continuation)
          )
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    let client = RawClient(channel, frames)
    if window > initialWindow { try await client.grant(window - initialWindow) }
    return client
  }

  /// Connects, and closes the connection after `body`.
  package static func with<Result>(
    port: Int,
    window: Int = widestWindow,
    _ body: (RawClient) async throws -> Result
  ) async throws -> Result {
    let client = try await connect(to: port, window: window)
    defer { client.close() }
    return try await body(client)
  }

  /// Closes the connection without a word.
  package func close() { channel.close(promise: nil) }
}

// What is sent.
extension RawClient {
  /// Begins a call of gRPC; `changes` take the place of the head's fields, or remove them.
  package func open(
    _ path: String,
    _ changes: [String: String?] = [:],
    endStream: Bool = false
  ) async throws -> HTTP2StreamID {
    var headers: HPACKHeaders = [
      ":method": "POST", ":scheme": "http", ":path": path, ":authority": "test",
      "content-type": "application/grpc", "te": "trailers",
    ]
    for (name, value) in changes {
      headers.remove(name: name)
      // What begins with a colon comes first.
      if let value, name.hasPrefix(":") {
        headers = HPACKHeaders([(name, value)] + headers.map { ($0.name, $0.value) })
      } else if let value {
        headers.add(name: name, value: value)
      }
    }
    last += 2
    let id = HTTP2StreamID(last)
    try await send(.headers(.init(headers: headers, endStream: endStream)), on: id)
    return id
  }

  /// Sends bytes of a stream's data, as they are.
  package func send(_ bytes: [UInt8], on id: HTTP2StreamID, endStream: Bool = false) async throws {
    let buffer = ByteBuffer(bytes: bytes)
    try await send(.data(.init(data: .byteBuffer(buffer), endStream: endStream)), on: id)
  }

  /// Sends bytes of a stream's data, and does not wait until they are sent: the server may not let
  /// them.
  package func push(_ bytes: [UInt8], on id: HTTP2StreamID, endStream: Bool = false) {
    let buffer = ByteBuffer(bytes: bytes)
    let data = HTTP2Frame.FramePayload.Data(data: .byteBuffer(buffer), endStream: endStream)
    channel.writeAndFlush(HTTP2Frame(streamID: id, payload: .data(data)), promise: nil)
  }

  /// Ends a stream by trailers.
  package func sendTrailers(on id: HTTP2StreamID) async throws {
    try await send(.headers(.init(headers: ["x": "y"], endStream: true)), on: id)
  }

  package func send(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID) async throws {
    try await channel.writeAndFlush(HTTP2Frame(streamID: id, payload: payload))
  }

  /// Lets the server send more, on one stream or on all.
  package func grant(_ size: Int, on id: HTTP2StreamID = .rootStream) async throws {
    try await send(.windowUpdate(windowSizeIncrement: size), on: id)
  }

  /// Waits until the server has read all that was sent so far.
  package func ping() async throws {
    let data = HTTP2PingData(withInteger: .random(in: .min ... .max))
    try await send(.ping(data, ack: false), on: .rootStream)
    while let frame = await next(on: .rootStream) {
      if case .ping(let answer, ack: true) = frame.payload, answer == data { return }
      if case .goAway = frame.payload { hasGoneAway = true }
    }
    throw ChannelError.eof
  }

  /// Sends what no client would, past all that checks it.
  package func send(raw bytes: [UInt8]) async throws {
    let channel = channel
    try await channel.eventLoop.flatSubmit {
      do {
        let operations = channel.pipeline.syncOperations
        let context = try operations.context(handlerType: NIOHTTP2Handler.self)
        return context.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer(bytes: bytes))))
      } catch {
        return channel.eventLoop.makeFailedFuture(error)
      }
    }.get()
  }
}

// What has come.
extension RawClient {
  /// The next frame of a stream; nil once the connection is closed.
  package func next(on id: HTTP2StreamID) async -> HTTP2Frame? {
    if let frame = kept[id]?.first {
      kept[id]?.removeFirst()
      return frame
    }
    for await frame in frames {
      if frame.streamID == id { return frame }
      kept[frame.streamID, default: []].append(frame)
    }
    return nil
  }

  /// The frames of a stream that have come and were not asked about.
  ///
  /// After `ping`, all are here that the server has sent before its answer.
  package func pending(on id: HTTP2StreamID) -> [HTTP2Frame] { kept[id] ?? [] }

  /// The next message on a stream; nil if the call or the connection ends before.
  package func message(on id: HTTP2StreamID) async -> [UInt8]? {
    while true {
      if let message = takeMessage(on: id) { return message }
      guard let frame = await next(on: id) else { return nil }
      switch frame.payload {
      case .data(let data):
        guard case .byteBuffer(let bytes) = data.data else { return nil }
        parts[id, default: []] += bytes.readableBytesView
      case .headers(let head):
        if head.endStream {
          // Whoever asks for the end finds it.
          kept[id, default: []].insert(frame, at: 0)
          return nil
        }
      case .rstStream: return nil
      default: break
      }
    }
  }

  private func takeMessage(on id: HTTP2StreamID) -> [UInt8]? {
    guard let bytes = parts[id], bytes.count >= 5 else { return nil }
    let length = bytes[1..<5].reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= 5 + length else { return nil }
    parts[id] = Array(bytes.dropFirst(5 + length))
    return Array(bytes[5..<5 + length])
  }

  /// What an answer begins with, if there is more to come.
  package func nextHead(on id: HTTP2StreamID) async -> HPACKHeaders? {
    guard case .headers(let head) = await next(on: id)?.payload, !head.endStream else { return nil }
    return head.headers
  }

  /// What a call ends with, which is its whole answer if nothing precedes it; nil if the stream is
  /// reset or the connection closed.
  package func end(of id: HTTP2StreamID) async -> HPACKHeaders? {
    while let frame = await next(on: id) {
      switch frame.payload {
      case .headers(let head): if head.endStream { return head.headers }
      case .rstStream: return nil
      default: break
      }
    }
    return nil
  }

  /// The `grpc-status` that a call ends with; nil if the stream is reset or the connection closed.
  package func status(of id: HTTP2StreamID) async -> String? {
    await end(of: id)?.first(name: "grpc-status")
  }

  /// What the server resets a stream with; nil if the connection closes.
  package func nextReset(on id: HTTP2StreamID) async -> HTTP2ErrorCode? {
    while let frame = await next(on: id) {
      if case .rstStream(let code) = frame.payload { return code }
    }
    return nil
  }

  /// The last stream that the server will serve, as it says next; nil if the connection closes.
  package func nextGoAway() async -> HTTP2StreamID? {
    while let frame = await next(on: .rootStream) {
      if case .goAway(let last, _, _) = frame.payload { return last }
    }
    return nil
  }

  /// Waits until the connection is closed.
  package func closed() async {
    for await frame in frames { kept[frame.streamID, default: []].append(frame) }
  }
}

private final class FrameCollector: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  private let frames: AsyncStream<HTTP2Frame>.Continuation

  init(_ frames: AsyncStream<HTTP2Frame>.Continuation) { self.frames = frames }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    frames.yield(unwrapInboundIn(data))
  }

  func channelInactive(context: ChannelHandlerContext) { frames.finish() }

  // The server may do what the client's state does not foresee: the frames tell.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
