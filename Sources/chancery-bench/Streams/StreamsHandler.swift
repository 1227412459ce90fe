import NIOCore
import NIOHPACK
import NIOHTTP2

/// A connection's streams, straight on HTTP/2 frames: a channel for each would cost the client more
/// than the server that it measures.
final class StreamsHandler: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  /// As large as there can be, as Envoy's are never what a server waits for either.
  static let window = Int(Int32.max)

  /// Of each stream's request.
  private let headers: HPACKHeaders
  private let streams: [HTTP2StreamID: ProxyStream]
  private let events: StreamEvents
  /// What came since the windows were opened, of the connection and each stream.
  private var consumed: [HTTP2StreamID: Int] = [:]

  init(_ streams: [ProxyStream], headers: HPACKHeaders, events: StreamEvents) {
    let ids = streams.indices.map { HTTP2StreamID(2 * $0 + 1) }
    self.streams = Dictionary(uniqueKeysWithValues: zip(ids, streams))
    self.headers = headers
    self.events = events
  }

  func channelActive(context: ChannelHandlerContext) {
    open(.rootStream, by: Self.window - 65_535, context)
    for id in streams.keys.sorted() {
      guard let stream = streams[id] else { continue }
      write(.headers(.init(headers: headers)), id, context)
      write(.data(.init(data: .byteBuffer(stream.begin(context.channel.allocator)))), id, context)
    }
    context.flush()
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.payload {
    case .data(let payload):
      guard case .byteBuffer(var bytes) = payload.data else { return }
      account(bytes.readableBytes, frame.streamID, context)
      if let answer = streams[frame.streamID]?.receive(&bytes, context.channel.allocator) {
        write(.data(.init(data: .byteBuffer(answer))), frame.streamID, context)
      }
      if payload.endStream { events.failed(StreamEnded(reason: "")) }
    case .headers(let payload) where payload.endStream:
      events.failed(StreamEnded(payload.headers))
    case .rstStream(let code): events.failed(StreamEnded(reason: "\(code)"))
    case .goAway(_, let code, _): events.failed(StreamEnded(reason: "\(code)"))
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.flush()
    context.fireChannelReadComplete()
  }

  func channelInactive(context: ChannelHandlerContext) {
    events.failed(StreamEnded(reason: "The connection was closed."))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    events.failed(error)
    context.close(promise: nil)
  }

  private func account(_ count: Int, _ stream: HTTP2StreamID, _ context: ChannelHandlerContext) {
    for id in [.rootStream, stream] {
      consumed[id, default: 0] += count
      if let used = consumed[id], used > Self.window / 2 {
        consumed[id] = 0
        open(id, by: used, context)
      }
    }
  }

  private func open(_ id: HTTP2StreamID, by increment: Int, _ context: ChannelHandlerContext) {
    write(.windowUpdate(windowSizeIncrement: increment), id, context)
  }

  private func write(
    _ payload: HTTP2Frame.FramePayload,
    _ id: HTTP2StreamID,
    _ context: ChannelHandlerContext
  ) {
    context.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: nil)
  }
}

/// The server ended a stream.
struct StreamEnded: Error, CustomStringConvertible {
  var reason: String

  init(reason: String) { self.reason = reason }

  init(_ trailers: HPACKHeaders) {
    let status = trailers["grpc-status"].first.map { "gRPC status \($0)." } ?? ""
    let http = trailers[":status"].first { $0 != "200" }.map { "HTTP status \($0)." } ?? ""
    reason = [http, status, trailers["grpc-message"].first ?? ""].joined(separator: " ")
  }

  var description: String { "The server ended a stream. " + reason }
}
