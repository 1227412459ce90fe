/// Reads the fields of an encoded protobuf message one after the other, without decoding what is in
/// them.
///
/// Source: Protocol Buffers, "Encoding".
struct ProtobufFields: Sequence, IteratorProtocol {
  struct Field {
    var number: Int
    /// Of a string, bytes or a message; empty for numbers.
    var content: UnsafeRawBufferPointer
  }

  private var rest: UnsafeRawBufferPointer

  init(_ message: UnsafeRawBufferPointer) { rest = message }

  /// The next field; nil at the end, and where the message is broken.
  mutating func next() -> Field? {
    guard let tag = varint() else { return nil }
    var size: UInt64 = 0
    switch tag & 7 {
    case 0: guard varint() != nil else { return nil }
    case 1: guard take(8) != nil else { return nil }
    case 2:
      guard let length = varint() else { return nil }
      size = length
    case 5: guard take(4) != nil else { return nil }
    default: return nil
    }
    return take(size).map { Field(number: Int(truncatingIfNeeded: tag >> 3), content: $0) }
  }

  private mutating func take(_ count: UInt64) -> UnsafeRawBufferPointer? {
    guard count <= UInt64(rest.count) else { return nil }
    defer { rest = UnsafeRawBufferPointer(rebasing: rest[Int(count)...]) }
    return UnsafeRawBufferPointer(rebasing: rest[..<Int(count)])
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for (index, byte) in rest.prefix(10).enumerated() {
      value |= UInt64(byte & 127) << (7 * UInt64(index))
      if byte < 128 {
        rest = UnsafeRawBufferPointer(rebasing: rest[(index + 1)...])
        return value
      }
    }
    return nil
  }
}

extension UnsafeRawBufferPointer {
  /// The contents of the fields with that number of the message that these bytes are.
  func fields(_ number: Int) -> [UnsafeRawBufferPointer] {
    ProtobufFields(self).compactMap { $0.number == number ? $0.content : nil }
  }

  /// As in protobuf, the last one counts.
  func field(_ number: Int) -> UnsafeRawBufferPointer? { fields(number).last }

  var text: String { String(decoding: self, as: UTF8.self) }
}

extension [UInt8] {
  /// Appends a field of a string, bytes or a message.
  mutating func appendField(_ number: UInt8, _ content: some Collection<UInt8>) {
    append(number << 3 | 2)
    append(varint: content.count)
    append(contentsOf: content)
  }

  /// Appends a field of a number that is not negative.
  mutating func appendField(_ number: UInt8, varint value: Int) {
    append(number << 3)
    append(varint: value)
  }

  private mutating func append(varint value: Int) {
    var value = value
    while value > 127 {
      append(UInt8(value & 127) | 128)
      value >>= 7
    }
    append(UInt8(value))
  }
}
