import NIOCore

/// Cuts the bytes of a gRPC stream into messages, none of them compressed.
///
/// Source: gRPC, "PROTOCOL-HTTP2", `Length-Prefixed-Message`.
struct MessageFrames {
  private var buffer = ByteBuffer()

  mutating func append(_ bytes: inout ByteBuffer) {
    if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeBuffer(&bytes) }
  }

  /// The next whole message; nil if more has to come first.
  mutating func next() -> ByteBuffer? {
    let start = buffer.readerIndex
    guard let length = buffer.getInteger(at: start + 1, as: UInt32.self),
      buffer.readableBytes >= 5 + Int(length)
    else { return nil }
    buffer.moveReaderIndex(forwardBy: 5)
    let message = buffer.readSlice(length: Int(length))
    // A buffer that keeps growing would be kept for every stream.
    if buffer.readableBytes == 0 { buffer = ByteBuffer() }
    return message
  }

  /// Messages with their prefixes.
  static func frames(_ messages: [[UInt8]], _ allocator: ByteBufferAllocator) -> ByteBuffer {
    var buffer = allocator.buffer(capacity: messages.reduce(0) { $0 + $1.count + 5 })
    for message in messages {
      buffer.writeInteger(0 as UInt8)
      buffer.writeInteger(UInt32(message.count))
      buffer.writeBytes(message)
    }
    return buffer
  }
}
