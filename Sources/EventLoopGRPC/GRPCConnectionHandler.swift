import NIOCore
import NIOHPACK
import NIOHTTP2

/// Serves the calls of one connection, out of HTTP/2's frames.
///
/// There is no channel, task or queue for a call: a message goes from the connection to the call's
/// handler, and back, within a turn of the event loop.
final class GRPCConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  /// How much a client may send, of one call and of all, before it must wait, in bytes.
  static let streamWindow = 1 << 20
  static let connectionWindow = 8 << 20
  /// What HTTP/2 begins with.
  ///
  /// Source: RFC 9113, section 6.9.2.
  private static let initialWindow = 65_535

  let eventLoop: any EventLoop
  private let methods: [String: GRPCMethod]
  private let messageLimit: Int
  private var context: ChannelHandlerContext?
  private var calls: [HTTP2StreamID: GRPCCall] = [:]
  /// How much has come that the client was not yet allowed to follow with more, in bytes.
  private var unacknowledged = 0
  /// How much of the calls' messages has come and waits to be received, in bytes.
  var kept = 0
  private var isReading = false
  private var isFlushDue = false

  init(on eventLoop: any EventLoop, _ methods: [String: GRPCMethod], messageLimit: Int) {
    self.eventLoop = eventLoop
    self.methods = methods
    self.messageLimit = messageLimit
  }

  /// How much of the calls' messages may wait, in bytes.
  ///
  /// The window of each call alone would allow 10 GiB.
  var keptLimit: Int { 2 * messageLimit }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    grant(Self.connectionWindow - Self.initialWindow)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    for call in calls.values { call.streamClosed() }
    calls = [:]
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let closed = event as? StreamClosedEvent {
      calls.removeValue(forKey: closed.streamID)?.streamClosed()
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // One stream's fault is told to its client by the handler of HTTP/2. The other is what comes of
    // a call that a client begins while it is told that the connection ends.
    if error is NIOHTTP2Errors.StreamError || error is NIOHTTP2Errors.NoSuchStream { return }
    context.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isReading = true
    let frame = unwrapInboundIn(data)
    switch frame.payload {
    case .headers(let head): receive(head, on: frame.streamID)
    case .data(let data): receive(data, on: frame.streamID)
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    if isFlushDue { flush() }
    context.fireChannelReadComplete()
  }
}

// From the client.
extension GRPCConnectionHandler {
  private func receive(_ head: HTTP2Frame.FramePayload.Headers, on id: HTTP2StreamID) {
    if let call = calls[id] {
      // Trailers.
      return call.receive(ByteBuffer(), size: 0, isLast: head.endStream)
    }
    let call = GRPCCall(id, of: self, limit: messageLimit)
    calls[id] = call
    if let refusal = head.headers.refusal { return call.finish(with: refusal) }
    let path = head.headers.first(name: ":path") ?? ""
    if let method = methods[path] {
      call.start(method(call))
      if head.endStream { call.receive(ByteBuffer(), size: 0, isLast: true) }
    } else {
      call.finish(GRPCStatus(.unimplemented, "There is no method \(path)."))
    }
  }

  private func receive(_ data: HTTP2Frame.FramePayload.Data, on id: HTTP2StreamID) {
    guard case .byteBuffer(let bytes) = data.data else { return }
    let size = bytes.readableBytes + (data.paddingBytes.map { $0 + 1 } ?? 0)
    unacknowledged += size
    if unacknowledged >= Self.connectionWindow / 2 {
      grant(unacknowledged)
      unacknowledged = 0
    }
    calls[id]?.receive(bytes, size: size, isLast: data.endStream)
  }

  private func grant(_ size: Int) {
    write(.windowUpdate(windowSizeIncrement: size), on: .rootStream)
  }
}

// To the client.
extension GRPCConnectionHandler {
  func buffer(capacity: Int) -> ByteBuffer {
    context?.channel.allocator.buffer(capacity: capacity) ?? ByteBuffer()
  }

  /// Writes a frame; the flush follows by itself, after all that this turn of the event loop writes.
  ///
  /// `written` is called once the system has taken it, but not if the stream is closed before.
  func write(
    _ payload: HTTP2Frame.FramePayload,
    on id: HTTP2StreamID,
    written: (() -> Void)? = nil
  ) {
    guard let context else { return }
    let frame = wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload))
    if let written {
      let promise = eventLoop.makePromise(of: Void.self)
      promise.futureResult.assumeIsolated().whenSuccess(written)
      context.write(frame, promise: promise)
    } else {
      context.write(frame, promise: nil)
    }
    flushSoon()
  }

  func close() { context?.close(promise: nil) }

  private func flushSoon() {
    guard !isFlushDue else { return }
    isFlushDue = true
    if !isReading { eventLoop.assumeIsolated().execute { self.flush() } }
  }

  private func flush() {
    guard isFlushDue else { return }
    isFlushDue = false
    context?.flush()
  }
}
