import CRE2

/// Judges regular expressions by RE2 itself, as Envoy does.
package enum RegularExpression {
  /// Envoy refuses larger programs (runtime key `re2.max_program_size.error_level`, default 100).
  private static let largestProgram: Int32 = 100

  /// Why Envoy would refuse the pattern, in a sentence; nil if it takes it.
  static func fault(in pattern: String) -> String? {
    if pattern.isEmpty { return "Must not be empty." }
    var message = [CChar](repeating: 0, count: 256)
    // A C string, for an empty one may have no address; the length counts, not its end.
    let size = cre2_program_size(pattern, pattern.utf8.count, &message, message.count)
    if size < 0 { return "RE2 refuses it: \(text(of: message))." }
    guard size > largestProgram else { return nil }
    return """
      RE2 compiles it to \(size) instructions, and Envoy takes at most \(largestProgram). \
      Use shorter repetitions ({1,63} counts 63 times) or a prefix.
      """
  }

  /// A pattern for just these ASCII texts.
  package static func pattern(forAnyOf texts: [String]) -> String {
    texts.map(quoted).joined(separator: "|")
  }

  private static func quoted(_ text: String) -> String {
    text.reduce(into: "") { pattern, character in
      if !character.isLetter, !character.isNumber, character != "_" { pattern += "\\" }
      pattern.append(character)
    }
  }

  private static func text(of message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
