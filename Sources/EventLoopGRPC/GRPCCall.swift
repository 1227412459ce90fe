package import NIOCore
import NIOHPACK
import NIOHTTP2

/// The server's end of one call.
///
/// It lives on the event loop of its connection.
package final class GRPCCall {
  private let id: HTTP2StreamID
  private let connection: GRPCConnectionHandler
  private var handler: (any GRPCCallHandler)?
  private var reader: GRPCMessageReader
  /// How much has come that the client was not yet allowed to follow with more, in bytes.
  private var unacknowledged = 0
  /// How much of what has come is kept, in bytes.
  private var kept = 0
  private var hasHead = false
  private var hasRemoteEnded = false
  private var isHeld = false
  private var isDelivering = false
  private var hasToldEnd = false
  /// Whether this side has ended the call, or the stream is gone.
  private var isOver = false
  /// What was sent and the client has not taken.
  private var unwritten = (messages: 0, bytes: 0)
  /// How many messages the client has taken.
  private(set) package var taken = 0

  init(_ id: HTTP2StreamID, of connection: GRPCConnectionHandler, limit: Int) {
    self.id = id
    self.connection = connection
    reader = GRPCMessageReader(limit: limit)
  }

  func start(_ handler: any GRPCCallHandler) {
    guard !isOver else { return handler.closed() }
    self.handler = handler
  }

  package var eventLoop: any EventLoop { connection.eventLoop }

  /// How much the client has not taken of what was sent, in bytes.
  package var unwrittenBytes: Int { unwritten.bytes }

  package var isWriting: Bool { unwritten.messages > 0 }

  /// Lets no message come until `release`.
  package func hold() { isHeld = true }

  /// Lets messages come again.
  package func release() {
    isHeld = false
    deliver()
  }

  /// Ends the connection, and with it the call: the client does not read even a call's end.
  package func cut() { connection.close() }
}

// From the client.
extension GRPCCall {
  func receive(_ bytes: ByteBuffer, size: Int, isLast: Bool) {
    unacknowledged += size
    hasRemoteEnded = isLast
    guard !isOver else { return }
    reader.append(bytes)
    deliver()
  }

  func streamClosed() {
    hasRemoteEnded = true
    end()
  }

  private func deliver() {
    guard !isDelivering else { return }
    isDelivering = true
    do throws(GRPCStatus) {
      while !isOver, !isHeld, !isWriting, let message = try reader.next() {
        try handler?.receive(message)
      }
      if hasRemoteEnded, !isOver, !reader.hasNext { try receiveEnd() }
    } catch {
      finish(error)
    }
    isDelivering = false
    keep()
    acknowledge()
  }

  private func keep() {
    guard !isOver else { return }
    reader.shrink()
    connection.kept += reader.count - kept
    kept = reader.count
    if connection.kept > connection.keptLimit {
      finish(GRPCStatus(.resourceExhausted, "The connection's calls have sent too much at once."))
    }
  }

  private func receiveEnd() throws(GRPCStatus) {
    guard reader.isEmpty else {
      throw GRPCStatus(.internalError, "The call ended within a message.")
    }
    if hasToldEnd { return }
    hasToldEnd = true
    handler?.receiveEnd()
  }

  /// Lets the client send more, unless it has sent more than is wanted now.
  private func acknowledge() {
    guard !isOver, !hasRemoteEnded, !reader.hasNext,
      unacknowledged >= GRPCConnectionHandler.streamWindow / 2
    else { return }
    connection.write(.windowUpdate(windowSizeIncrement: unacknowledged), on: id)
    unacknowledged = 0
  }
}

// To the client.
extension GRPCCall {
  /// Tells the client that it is served, ahead of the first message: some wait for that before they
  /// say more.
  package func sendHead() {
    guard !hasHead, !isOver else { return }
    hasHead = true
    connection.write(.headers(.init(headers: .answer)), on: id)
  }

  /// Sends a message that `encode` writes, of which it is known that it has about so many bytes.
  ///
  /// - Returns: Its size in bytes.
  @discardableResult
  package func send(reserving size: Int = 0, _ encode: (inout ByteBuffer) -> Void) -> Int {
    guard !isOver else { return 0 }
    sendHead()
    var buffer = connection.buffer(capacity: GRPCMessageReader.prefixLength + size)
    buffer.writeRepeatingByte(0, count: GRPCMessageReader.prefixLength)
    encode(&buffer)
    let count = buffer.readableBytes - GRPCMessageReader.prefixLength
    buffer.setInteger(UInt32(count), at: 1)
    unwritten = (unwritten.messages + 1, unwritten.bytes + count)
    connection.write(.data(.init(data: .byteBuffer(buffer))), on: id) { [self] in wrote(count) }
    return count
  }

  private func wrote(_ count: Int) {
    taken += 1
    unwritten = (unwritten.messages - 1, unwritten.bytes - count)
    guard !isWriting, !isOver else { return }
    deliver()
    if !isWriting, !isOver { handler?.sent() }
  }

  /// Ends the call.
  package func finish(_ status: GRPCStatus = .ok) {
    finish(with: .end(status, isWhole: !hasHead))
  }

  func finish(with end: HPACKHeaders) {
    guard !isOver else { return }
    connection.write(.headers(.init(headers: end, endStream: true)), on: id) { [self] in
      // The client need say no more. Earlier it would keep what was sent before from going out.
      if !hasRemoteEnded { connection.write(.rstStream(.noError), on: id) }
    }
    self.end()
  }

  private func end() {
    guard !isOver else { return }
    isOver = true
    reader = GRPCMessageReader(limit: reader.limit)
    connection.kept -= kept
    kept = 0
    handler?.closed()
    handler = nil
  }
}
