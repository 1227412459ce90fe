/// Says why a text is not the JSON or YAML that it was taken for.
package struct MalformedText: Error, Hashable, Sendable {
  /// A sentence with the line and the column, both from 1, where they are known.
  package var reason: String

  package init(reason: String) { self.reason = reason }

  init(line: Int, column: Int, _ reason: String) {
    self.init(reason: "Line \(line), column \(column): \(reason)")
  }

  /// Columns count characters as Unicode's scalars.
  init(at offset: Int, in bytes: [UInt8], _ reason: String) {
    let before = bytes[..<min(offset, bytes.count)]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let column = before[lineStart...].count { $0 & 0xc0 != 0x80 } + 1
    self.init(line: line, column: column, reason)
  }

  static let tooDeep = "More than \(ValueBuilder.deepest) arrays and objects in each other."

  static func duplicate(_ key: String) -> String {
    "\"\(key.count > 100 ? key.prefix(100) + "…" : key)\" stands twice in the same object."
  }
}
