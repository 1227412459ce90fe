extension ObjectReader {
  /// Those of the names that are given, null not counted.
  func members(of names: [String]) -> [String] { names.filter(isGiven) }

  /// A reference to another object by its name.
  mutating func reference(_ member: String) -> String? {
    guard let name = string(member) else { return nil }
    if Name.isValid(name) { return name }
    fault(member, .invalidValue, Name.rule)
    return nil
  }

  /// The path of a URL, without query or fragment (RFC 3986, section 3.3).
  mutating func path(_ member: String) -> String? {
    guard let path = string(member) else { return nil }
    let isPath =
      path.first == "/" && path.utf8.count <= 4096
      && path.utf8.allSatisfy {
        (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
      }
    if isPath { return path }
    fault(
      member,
      .invalidValue,
      "Must start with \"/\" and be visible ASCII without \"?\" and \"#\", at most 4096 bytes."
    )
    return nil
  }

  /// A regular expression that Envoy takes.
  mutating func regex(_ member: String) -> String? {
    guard let pattern = string(member) else { return nil }
    guard let problem = RegularExpression.fault(in: pattern) else { return pattern }
    fault(member, .invalidValue, problem)
    return nil
  }

  /// A header's name in lower case (RFC 9110, section 5.1).
  mutating func headerName(_ member: String) -> String? {
    guard let name = string(member) else { return nil }
    if name.isToken, name.utf8.count <= 256 { return name.lowercased() }
    fault(member, .invalidValue, "Must be the name of an HTTP header, such as \"x-version\".")
    return nil
  }

  /// A text that may stand in a header's value; not empty.
  mutating func headerText(_ member: String) -> String? {
    guard let text = string(member) else { return nil }
    let isVisible = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    if isVisible, (1...4096).contains(text.utf8.count) { return text }
    fault(member, .invalidValue, "Must be 1 to 4096 bytes without control characters.")
    return nil
  }
}

extension String {
  /// Whether it is a token as RFC 9110 (section 5.6.2) says: what methods and header names are.
  var isToken: Bool {
    !isEmpty
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }
}
