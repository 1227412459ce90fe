import Foundation

/// A Swift file of the package, as text.
struct SourceFile {
  /// From the package's root.
  var path: String
  var lines: [Substring]

  /// The target whose folder it is in.
  var module: String { String(path.split(separator: "/")[1]) }

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// All below a folder of the package, sorted by path.
  static func all(in folder: String) throws -> [SourceFile] {
    let paths = try FileManager.default.subpathsOfDirectory(
      atPath: root.appending(path: folder).path(percentEncoded: false)
    )
    return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
      let text = try String(contentsOf: root.appending(path: "\(folder)/\(path)"), encoding: .utf8)
      return SourceFile(
        path: "\(folder)/\(path)",
        lines: text.split(separator: "\n", omittingEmptySubsequences: false)
      )
    }
  }

  /// The modules that it imports.
  var imports: [String] {
    let statement =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:package|public|internal|fileprivate|private)\s+)?import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func)\s+)?(\w+)/
    return lines.compactMap { $0.firstMatch(of: statement).map { String($0.output.1) } }
  }

  func isComment(_ index: Int) -> Bool {
    lines[index].trimmingPrefix(while: \.isWhitespace).hasPrefix("//")
  }

  /// Whether the text stands there and is not the end of a longer word.
  func hasWord(_ word: String, at index: Int) -> Bool {
    lines[index].ranges(of: word).contains { range in
      guard range.lowerBound > lines[index].startIndex else { return true }
      let before = lines[index][lines[index].index(before: range.lowerBound)]
      return !(before.isLetter || before.isNumber || before == "_" || before == ".")
    }
  }

  /// Whether a type or a named function for other modules is declared there.
  func declaresVisibly(at index: Int) -> Bool {
    let declaration =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*package\s+(?:(?:final|static|mutating|indirect|nonisolated)\s+)*(?:struct|class|enum|protocol|actor|typealias|func\s+\w)/
    return lines[index].firstMatch(of: declaration) != nil
  }

  /// Whether a documentation comment stands above, attributes between them aside.
  func hasDocumentation(above index: Int) -> Bool {
    let above = lines[..<index].last { !$0.trimmingPrefix(while: \.isWhitespace).hasPrefix("@") }
    return above?.trimmingPrefix(while: \.isWhitespace).hasPrefix("///") == true
  }
}
