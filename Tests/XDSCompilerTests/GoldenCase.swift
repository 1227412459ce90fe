import Foundation
import Model
import XDSCompiler

/// A folder of `Cases`: a document and the resources that it makes.
struct GoldenCase: CustomStringConvertible, Sendable {
  var folder: URL

  var description: String { folder.lastPathComponent }
  var expected: URL { folder.appending(path: "resources.json") }

  /// Every folder of `Cases`, sorted.
  static let all: [GoldenCase] = {
    let cases = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
    let folders =
      (try? FileManager.default.contentsOfDirectory(
        at: cases,
        includingPropertiesForKeys: nil,
        options: .skipsHiddenFiles
      )) ?? []
    return folders.sorted { $0.path < $1.path }.map(GoldenCase.init)
  }()

  func compile() throws -> Compilation {
    let text = try String(contentsOf: folder.appending(path: "document.yaml"), encoding: .utf8)
    return try Compilation(of: Document(JSONValue(yaml: text)))
  }

  /// Writes what the document makes now, and deletes what does not belong to a case.
  func rewrite() throws {
    let json = try compile().fleets.json
    try Data(json.bytes(pretty: true) + [UInt8(ascii: "\n")]).write(to: expected)
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where !["document.yaml", "resources.json"].contains(file) {
      try FileManager.default.removeItem(at: folder.appending(path: file))
    }
  }
}
