extension JSONValue {
  /// The number that a text of digits, point and exponent says; nil if no double can hold it.
  ///
  /// JSON has one type of number (RFC 8259, section 6): 8080.0 and 8.08e3 are the integer 8080.
  init?(number text: String) {
    if let integer = Int64(text) {
      self = .integer(integer)
    } else {
      guard let number = Double(text), number.isFinite else { return nil }
      self = Int64(exactly: number).map { .integer($0) } ?? .number(number)
    }
  }

  /// What a YAML scalar without quotes means by the core schema (YAML 1.2.2, section 10.3.2);
  /// nil if it is no finite number.
  init?(plainScalar text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE": self = .bool(true)
    case "false", "False", "FALSE": self = .bool(false)
    default:
      switch CoreNumber(text) {
      case .none: self = .string(text)
      case .decimal: self.init(number: text)
      case .radix(let digits, let radix):
        guard let integer = Int64(digits, radix: radix) else { return nil }
        self = .integer(integer)
      case .notFinite: return nil
      }
    }
  }
}

/// How YAML's core schema spells numbers.
private enum CoreNumber {
  case none, decimal, notFinite
  case radix(digits: Substring, Int)

  init(_ text: String) {
    if text.hasPrefix("0o"), text.dropFirst(2).allSatisfy("01234567".contains) {
      self = .radix(digits: text.dropFirst(2), 8)
    } else if text.hasPrefix("0x"), text.dropFirst(2).allSatisfy({ $0.isASCII && $0.isHexDigit }) {
      self = .radix(digits: text.dropFirst(2), 16)
    } else {
      let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
      let names: Set<Substring> = [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"]
      self = names.contains(unsigned) ? .notFinite : Self.isDecimal(unsigned) ? .decimal : .none
    }
    if case .radix(let digits, _) = self, digits.isEmpty { self = .none }
  }

  /// Whether it is `\.[0-9]+ | [0-9]+ (\.[0-9]*)?` and then `([eE][-+]?[0-9]+)?`.
  private static func isDecimal(_ text: Substring) -> Bool {
    var rest = text.utf8
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      let fraction = rest.prefix(while: isDigit)
      if whole.isEmpty, fraction.isEmpty { return false }
      rest = rest.dropFirst(fraction.count)
    } else if whole.isEmpty {
      return false
    }
    guard let mark = rest.first else { return true }
    guard mark | 0x20 == UInt8(ascii: "e") else { return false }
    rest = rest.dropFirst()
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
      rest = rest.dropFirst()
    }
    return !rest.isEmpty && rest.allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
