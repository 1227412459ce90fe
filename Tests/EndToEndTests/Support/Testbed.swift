import Foundation
import Synchronization

/// A folder and the programs of one test.
///
/// All that it started ends with it, last first.
final class Testbed: Sendable {
  let folder: URL
  private let cleanups = Mutex<[@Sendable () async -> Void]>([])

  /// The folder is kept when the body throws, so that the programs' logs can be read.
  static func run(_ body: (Testbed) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "chancery-test-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let bed = Testbed(folder: folder)
    do {
      try await body(bed)
    } catch {
      await bed.cleanUp()
      print("The logs are in \(folder.path)")
      throw error
    }
    await bed.cleanUp()
    try FileManager.default.removeItem(at: folder)
  }

  private init(folder: URL) { self.folder = folder }

  func atEnd(_ cleanup: @escaping @Sendable () async -> Void) {
    cleanups.withLock { $0.append(cleanup) }
  }

  private func cleanUp() async {
    for cleanup in cleanups.withLock({ $0 }).reversed() { await cleanup() }
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }
}
