/// Reads a JSON text by the grammar of RFC 8259, in one pass and without recursion.
///
/// Foundation's decoder tells neither where a fault is nor that a name stands twice.
struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0
  private var builder = ValueBuilder()

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func read() throws(MalformedText) -> JSONValue {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    while !builder.isComplete {
      if try readValue() { try readWhatFollows() }
    }
    skipSpace()
    guard let value = builder.result, position == bytes.count else {
      throw unexpected("the end of the text")
    }
    return value
  }

  /// Reads a scalar, an empty container, or the beginning of one; false if its first value is next.
  private mutating func readValue() throws(MalformedText) -> Bool {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try begin(object: true)
    case UInt8(ascii: "["): return try begin(object: false)
    case UInt8(ascii: "\""): builder.add(.string(try readString()))
    case UInt8(ascii: "t"): try readWord("true", .bool(true))
    case UInt8(ascii: "f"): try readWord("false", .bool(false))
    case UInt8(ascii: "n"): try readWord("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || Self.digits.contains(byte): try readNumber()
    default: throw unexpected("a value")
    }
    return true
  }

  private mutating func begin(object isObject: Bool) throws(MalformedText) -> Bool {
    guard builder.begin(object: isObject) else { throw fault(MalformedText.tooDeep) }
    position += 1
    skipSpace()
    if take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
      builder.end()
      return true
    }
    if isObject { try readKey() }
    return false
  }

  private mutating func readKey() throws(MalformedText) {
    skipSpace()
    guard peek == UInt8(ascii: "\"") else { throw unexpected("a member's name in quotes") }
    let start = position
    let name = try readString()
    guard builder.key(name) else {
      throw MalformedText(at: start, in: bytes, MalformedText.duplicate(name))
    }
    skipSpace()
    guard take(UInt8(ascii: ":")) else { throw unexpected("\":\"") }
  }

  /// Closes what ends after a value, up to the next value or the end of all.
  private mutating func readWhatFollows() throws(MalformedText) {
    while let isInObject = builder.isInObject {
      skipSpace()
      if take(UInt8(ascii: ",")) {
        if isInObject { try readKey() }
        return
      }
      guard take(isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        throw unexpected(isInObject ? "\",\" or \"}\"" : "\",\" or \"]\"")
      }
      builder.end()
    }
  }

  private mutating func readWord(_ word: StaticString, _ value: JSONValue) throws(MalformedText) {
    let expected = word.withUTF8Buffer(Array.init)
    guard bytes[position...].starts(with: expected) else { throw unexpected("a value") }
    position += expected.count
    builder.add(value)
  }
}

extension JSONReader {
  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

  private mutating func readNumber() throws(MalformedText) {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try skipDigits() }
    if take(UInt8(ascii: ".")) { try skipDigits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
      try skipDigits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let number = JSONValue(number: text) else {
      throw MalformedText(at: start, in: bytes, "The number is beyond the range of a double.")
    }
    builder.add(number)
  }

  private mutating func skipDigits() throws(MalformedText) {
    let start = position
    while let byte = peek, Self.digits.contains(byte) { position += 1 }
    if position == start { throw unexpected("a digit") }
  }

  private mutating func readString() throws(MalformedText) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while true {
      let run = position
      while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        position += 1
      }
      content += bytes[run..<position]
      if take(UInt8(ascii: "\"")) { break }
      guard peek == UInt8(ascii: "\\") else { throw unexpected("the quotes that end the text") }
      try readEscape(into: &content)
    }
    guard let string = String(validating: content, as: UTF8.self) else {
      throw MalformedText(at: start, in: bytes, "The text that begins here is not valid UTF-8.")
    }
    return string
  }

  private mutating func readEscape(into content: inout [UInt8]) throws(MalformedText) {
    let start = position
    position += 1
    guard let letter = peek else { throw unexpected("an escape") }
    position += 1
    if letter == UInt8(ascii: "u") {
      content += Array(String(try readScalar(from: start)).utf8)
    } else if let byte = Self.escapes[letter] {
      content.append(byte)
    } else {
      throw MalformedText(at: start, in: bytes, "There is no such escape.")
    }
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0c,
    UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
  ]

  /// The character of one `\u` escape, or of two that are a surrogate pair (section 7).
  private mutating func readScalar(from start: Int) throws(MalformedText) -> Character {
    let first = try readHexadecimal()
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    if first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let second = try readHexadecimal()
      if (0xdc00..<0xe000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
      {
        return Character(scalar)
      }
    }
    throw MalformedText(at: start, in: bytes, "This is one half of a surrogate pair.")
  }

  private mutating func readHexadecimal() throws(MalformedText) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16)
    else { throw unexpected("four hexadecimal digits") }
    position += 4
    return value
  }
}

extension JSONReader {
  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
  }

  private func fault(_ reason: String) -> MalformedText {
    MalformedText(at: position, in: bytes, reason)
  }

  private func unexpected(_ wanted: String) -> MalformedText {
    guard let byte = peek else { return fault("The text ends where \(wanted) is expected.") }
    let found = (0x21...0x7e).contains(byte) ? "\"\(Unicode.Scalar(byte))\"" : "this character"
    return fault("Expected \(wanted), not \(found).")
  }
}
