import Foundation
import Model
import Subprocess
import SystemPackage

/// The real Envoy, as `scripts/install-envoy` puts it in place or `CHANCERY_ENVOY` names it.
enum Envoy {
  struct NotInstalled: Error, CustomStringConvertible {
    var description: String {
      "There is no Envoy: run scripts/install-envoy, or set CHANCERY_ENVOY to a binary."
    }
  }

  static var binary: Executable {
    get throws {
      let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let path =
        ProcessInfo.processInfo.environment["CHANCERY_ENVOY"]
        ?? package.appending(path: ".tools/envoy/envoy").path
      guard FileManager.default.isExecutableFile(atPath: path) else { throw NotInstalled() }
      return .path(FilePath(path))
    }
  }

  /// Why Envoy refuses a bootstrap, or warns of it; nil if it takes it without a word.
  static func complaint(about bootstrap: JSONValue) async throws -> String? {
    let folder = try TemporaryFolder()
    let file = try folder.write(bootstrap, to: "envoy.json")
    let result = try await run(
      binary,
      arguments: ["--mode", "validate", "-c", file, "-l", "warning"],
      output: .string(limit: 1 << 20),
      error: .combinedWithOutput
    )
    let text = result.standardOutput
    return result.terminationStatus.isSuccess && !text.contains("[warning]") ? nil : text
  }
}

/// A folder that lives as long as this.
final class TemporaryFolder: Sendable {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(of name: String) -> String { url.appending(path: name).path }

  /// Writes a file and returns its path.
  func write(_ value: JSONValue, to name: String) throws -> String {
    try Data(value.bytes(pretty: true)).write(to: url.appending(path: name))
    return path(of: name)
  }
}
