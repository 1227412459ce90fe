/// The few pieces of the protobuf wire format that frame resources already encoded.
///
/// Source: Protocol Buffers documentation, "Encoding".
extension [UInt8] {
  /// Appends a length-delimited field: its tag, its length and its bytes.
  package mutating func appendField(_ number: Int, _ bytes: some Collection<UInt8>) {
    appendField(number, byteCount: bytes.count)
    append(contentsOf: bytes)
  }

  /// Appends the head of a length-delimited field whose bytes the caller appends next.
  package mutating func appendField(_ number: Int, byteCount: Int) {
    appendVarint(UInt64(number << 3 | 2))
    appendVarint(UInt64(byteCount))
  }

  /// Appends a string field, or nothing for the empty string, as proto3 has it.
  package mutating func appendField(_ number: Int, nonEmpty string: String) {
    guard !string.isEmpty else { return }
    appendField(number, string.utf8)
  }

  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
