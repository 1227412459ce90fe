import Foundation
import TestCertificates

/// A folder that lives as long as the value.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "chancery-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of a file that it writes.
  @discardableResult
  func write(_ text: String, as name: String) throws -> String {
    let file = url.appending(path: name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  /// The paths of a certificate and its key.
  @discardableResult
  func write(_ identity: Identity, as name: String) throws -> (certificate: String, key: String) {
    (
      try write(identity.certificate, as: "\(name).pem"),
      try write(identity.key, as: "\(name)-key.pem")
    )
  }
}
