extension ObjectReader {
  /// A path to match requests against; one that no request has is a fault.
  ///
  /// Envoy matches a path after it is normalized (`normalize_path`, `merge_slashes`).
  mutating func matchedPath(_ member: String, trimming trimmed: (String) -> String) -> String? {
    guard let path = path(member).map(trimmed) else { return nil }
    let normal = NormalPath.of(path)
    if normal == path { return path }
    let remedy = normal.map { "Write \"\($0)\" instead." } ?? "A path has no zero byte."
    fault(member, .invalidValue, "No request has this path once it is normalized. \(remedy)")
    return nil
  }
}

/// What Envoy makes of a request's path before it looks for a route, as watched in Envoy 1.40.
private enum NormalPath {
  /// nil for a path that Envoy refuses.
  static func of(_ path: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(path.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), let value = escaped(rest) else {
        bytes += spelled(byte)
        continue
      }
      if value == 0 { return nil }
      bytes += isUnreserved(value) ? [value] : [byte] + rest.prefix(2)
      rest = rest.dropFirst(2)
    }
    return withoutDots(String(decoding: bytes, as: UTF8.self))
  }

  private static func escaped(_ rest: ArraySlice<UInt8>) -> UInt8? {
    let digits = String(decoding: rest.prefix(2), as: UTF8.self)
    guard digits.count == 2, digits.allSatisfy(\.isHexDigit) else { return nil }
    return UInt8(digits, radix: 16)
  }

  private static func spelled(_ byte: UInt8) -> [UInt8] {
    if byte == UInt8(ascii: "\\") { return [UInt8(ascii: "/")] }
    guard "\"<>^`{|}".utf8.contains(byte) else { return [byte] }
    return Array("%\(String(byte, radix: 16, uppercase: true))".utf8)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "-._~".utf8.contains(byte)
    }
  }

  /// Without `.` and `..` segments and with one slash for several.
  private static func withoutDots(_ path: String) -> String {
    let segments = path.split(separator: "/")
    var kept: [Substring] = []
    for segment in segments {
      if segment == ".." { _ = kept.popLast() } else if segment != "." { kept.append(segment) }
    }
    let endsInSlash = path.hasSuffix("/") || segments.last == "." || segments.last == ".."
    let text = "/" + kept.joined(separator: "/")
    return endsInSlash && !kept.isEmpty ? text + "/" : text
  }
}
