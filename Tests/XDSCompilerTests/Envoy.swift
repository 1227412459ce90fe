import Foundation
import Model

/// The real Envoy, as `scripts/install-envoy` puts it in place or `CHANCERY_ENVOY` names it.
enum Envoy {
  struct NotInstalled: Error, CustomStringConvertible {
    var description: String {
      "There is no Envoy: run scripts/install-envoy, or set CHANCERY_ENVOY to a binary."
    }
  }

  static var binary: URL {
    get throws {
      let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let path =
        ProcessInfo.processInfo.environment["CHANCERY_ENVOY"]
        ?? package.appending(path: ".tools/envoy/envoy").path
      guard FileManager.default.isExecutableFile(atPath: path) else { throw NotInstalled() }
      return URL(filePath: path)
    }
  }

  /// Why Envoy refuses a bootstrap, or warns of it; nil if it takes it without a word.
  static func complaint(about bootstrap: JSONValue) throws -> String? {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "envoy.json")
    try Data(bootstrap.bytes(pretty: true)).write(to: file)
    let log = folder.url.appending(path: "log")
    let status = try run(
      binary,
      ["--mode", "validate", "-c", file.path, "-l", "warning"],
      output: log
    )
    let text = try String(contentsOf: log, encoding: .utf8)
    return status == 0 && !text.contains("[warning]") ? nil : text
  }

  /// Runs a program to its end; both its outputs go to the file.
  static func run(_ program: URL, _ arguments: [String], output: URL) throws -> Int32 {
    let process = try start(program, arguments, output: output)
    process.waitUntilExit()
    return process.terminationStatus
  }

  static func start(_ program: URL, _ arguments: [String], output: URL) throws -> Process {
    try Data().write(to: output)
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    return process
  }
}

/// A folder that lives as long as this.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
