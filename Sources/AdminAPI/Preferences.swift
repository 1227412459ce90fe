import HTTPTypes

/// What a `Prefer` header asks for (RFC 7240) of what is known here: `wait`.
///
/// All else is ignored, and a value that makes no sense too, as section 2 of the RFC says.
struct Preferences: Sendable {
  /// For how many seconds the answer may be held; nil if it is not to be.
  let wait: Int?

  /// The longest that an answer is held, in seconds.
  static let longestWait = 300

  init(_ headers: HTTPFields) {
    // Of a preference that is given twice the first counts.
    let first = headers[values: .prefer].flatMap { Self.split($0, at: ",") }
      .map { Self.preference($0) }
      .first { $0.name == "wait" }
    wait = first.flatMap { Self.seconds($0.value) }
  }

  /// `delta-seconds` (RFC 9111, section 1.2.2).
  private static func seconds(_ text: String) -> Int? {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard !text.isEmpty, text.utf8.allSatisfy(digits.contains) else { return nil }
    return min(Int(text) ?? longestWait, longestWait)
  }

  /// `token [ = word ]`, without the parameters that may follow.
  private static func preference(_ text: Substring) -> (name: String, value: String) {
    let parts = split(split(text, at: ";").first ?? "", at: "=", most: 1)
    let value = parts.count > 1 ? unquoted(trimmed(parts[1])) : ""
    return (trimmed(parts.first ?? "").lowercased(), value)
  }

  /// The parts between separators that are not in a quoted string.
  private static func split(
    _ text: some StringProtocol,
    at separator: Character,
    most: Int = .max
  ) -> [Substring] {
    var isQuoted = false
    var isEscaped = false
    return Substring(text).split(maxSplits: most, omittingEmptySubsequences: false) { character in
      defer { isEscaped = isQuoted && character == "\\" && !isEscaped }
      if character == "\"", !isEscaped { isQuoted.toggle() }
      return character == separator && !isQuoted
    }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let end = text.lastIndex { !$0.isWhitespace }.map(text.index(after:)) ?? text.startIndex
    return text[..<end].drop(while: \.isWhitespace)
  }

  /// A word without its quotes; the escapes in it are those of RFC 9110, section 5.6.4.
  private static func unquoted(_ word: Substring) -> String {
    guard word.count > 1, word.hasPrefix("\""), word.hasSuffix("\"") else { return String(word) }
    return String(word.dropFirst().dropLast().replacing(/\\(.)/) { $0.output.1 })
  }
}
