import Foundation

/// A page of the documentation.
struct Page: Sendable {
  /// What a page shows to be typed, and what it shows to come of that.
  struct Command: Sendable {
    var text: String
    var output: String
  }

  private let lines: [String]

  /// Reads a page by its path in the repository.
  init(_ path: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../")
      .appending(path: path)
    lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
  }

  /// The text of each block of that kind, such as `yaml`.
  func blocks(_ kind: String) -> [String] {
    lines.split(omittingEmptySubsequences: false) { $0 == "```" }
      .compactMap { section in
        guard let start = section.lastIndex(of: "```" + kind) else { return nil }
        return section[(start + 1)...].joined(separator: "\n") + "\n"
      }
  }

  /// All that is shown in terminals, in its order.
  var commands: [Command] { blocks("console").flatMap(Self.commands) }

  private static func commands(in block: String) -> [Command] {
    var commands: [Command] = []
    for line in block.split(separator: "\n") {
      if line.hasPrefix("$ ") {
        commands.append(Command(text: String(line.dropFirst(2)), output: ""))
      } else if let last = commands.last {
        let isOpen = last.text.hasSuffix("\\") || last.text.count { $0 == "'" } % 2 == 1
        if isOpen {
          commands[commands.count - 1].text += "\n\(line)"
        } else {
          commands[commands.count - 1].output += "\(line)\n"
        }
      }
    }
    return commands
  }
}
