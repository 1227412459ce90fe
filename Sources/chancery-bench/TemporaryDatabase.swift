import Foundation

/// A place for a database, which goes away with this.
final class TemporaryDatabase {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "chancery-bench-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var path: String { folder.appending(path: "chancery.db").path }

  var size: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }
}
