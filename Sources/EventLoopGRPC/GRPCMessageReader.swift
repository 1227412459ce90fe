import NIOCore

/// Cuts the bytes of a call into its messages.
///
/// Source: gRPC, "gRPC over HTTP2", `Length-Prefixed-Message`.
struct GRPCMessageReader {
  /// The flag that the message is compressed, and its length.
  static let prefixLength = 5

  /// How long a message may be, in bytes.
  let limit: Int
  private(set) var buffer = ByteBuffer()

  init(limit: Int) { self.limit = limit }

  /// How much is left, in bytes.
  var count: Int { buffer.readableBytes }

  /// Whether nothing is left, not even a part of a message.
  var isEmpty: Bool { count == 0 }

  /// Whether there is a whole message to take, or one that is refused.
  var hasNext: Bool {
    guard let (flag, length) = prefix else { return false }
    return flag != 0 || length > limit || buffer.readableBytes - Self.prefixLength >= length
  }

  mutating func append(_ bytes: ByteBuffer) {
    if isEmpty {
      buffer = bytes
    } else {
      buffer.writeImmutableBuffer(bytes)
    }
  }

  /// Gives back the memory of what was taken, and of all else that was read from the connection with
  /// what is left.
  mutating func shrink() {
    if isEmpty {
      buffer = ByteBuffer()
    } else if buffer.storageCapacity > 2 * count + 1024 {
      buffer = ByteBuffer(bytes: buffer.readableBytesView)
    }
  }

  /// Takes the next message, if all of it has come.
  ///
  /// - Throws: `RESOURCE_EXHAUSTED` if it is too long, `INTERNAL` if it is compressed although the
  ///   call's head says nothing of it.
  mutating func next() throws(GRPCStatus) -> ByteBuffer? {
    guard let (flag, length) = prefix else { return nil }
    guard flag == 0 else {
      throw GRPCStatus(
        .internalError,
        "A message is compressed, and grpc-encoding does not say how."
      )
    }
    guard length <= limit else {
      throw GRPCStatus(
        .resourceExhausted,
        "A message of \(length) bytes is too long; it may have \(limit)."
      )
    }
    guard buffer.readableBytes - Self.prefixLength >= length else { return nil }
    buffer.moveReaderIndex(forwardBy: Self.prefixLength)
    return buffer.readSlice(length: length)
  }

  private var prefix: (flag: UInt8, length: Int)? {
    guard
      let flag = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self),
      let length = buffer.getInteger(at: buffer.readerIndex + 1, as: UInt32.self)
    else { return nil }
    return (flag, Int(length))
  }
}
