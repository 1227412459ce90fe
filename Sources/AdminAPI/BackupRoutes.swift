import Foundation
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Publisher
import Store

/// The operation that gives a copy of the database.
struct BackupRoutes: Sendable {
  let store: ConfigStore

  var operations: [Operation] {
    // It has all that the database keeps, tokens' hashes included.
    [Operation(.get, "/backup", role: .admin, answers: [.sqlite], handler: backUp)]
  }

  private func backUp(_ call: Call) async throws -> Response {
    // The copy has this revision at least.
    let revision = store.head.revision.number
    let file = try await copy()
    let size = try file.seekToEnd()
    try file.seek(toOffset: 0)
    return Response(
      status: .ok,
      headers: [
        .contentType: call.answerFormat.name,
        .contentDisposition: "attachment; filename=\"chancery.db\"",
        .chanceryRevision: "\(revision)",
      ],
      body: ResponseBody(contentLength: Int(size)) { writer in
        while let piece = try file.read(upToCount: Self.pieceSize), !piece.isEmpty {
          try await writer.write(ByteBuffer(bytes: piece))
        }
        try await writer.finish(nil)
      }
    )
  }

  private static var pieceSize: Int { 256 << 10 }

  /// A copy in a file without a name: it is gone with the last who has it open, also when the client
  /// leaves.
  private func copy() async throws -> FileHandle {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "chancery-backup-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(
        at: folder,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
      )
      let file = folder.appending(path: "chancery.db")
      try await store.backUp(to: file.path(percentEncoded: false))
      return try FileHandle(forReadingFrom: file)
    } catch {
      throw Problem(.unavailable, "The database cannot be copied to \(folder.path()): \(error)")
    }
  }
}
