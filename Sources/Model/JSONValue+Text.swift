extension JSONValue {
  /// Reads a JSON text (RFC 8259) in UTF-8, with or without a byte order mark.
  ///
  /// A number is an integer where its value is one that 64 bits hold, however it is written;
  /// larger ones are the nearest double.
  ///
  /// - Throws: `MalformedText` if the bytes are none, nest deeper than 128 levels, name a member
  ///   twice in one object, or have a number beyond a double's range.
  package init(json bytes: some Sequence<UInt8>) throws(MalformedText) {
    var reader = JSONReader(Array(bytes))
    self = try reader.read()
  }

  package init(json text: String) throws(MalformedText) { try self.init(json: text.utf8) }

  /// The value's JSON text, members sorted by name: equal values have equal texts.
  package var text: String { String(decoding: bytes(pretty: false), as: UTF8.self) }

  /// The value's JSON text in UTF-8, members sorted by name.
  package func bytes(pretty: Bool) -> [UInt8] {
    var writer = JSONWriter(isPretty: pretty)
    writer.write(self)
    return writer.bytes
  }
}
