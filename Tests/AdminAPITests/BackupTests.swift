import Foundation
import HTTPTypes
import HummingbirdTesting
import Model
import Store
import Testing

/// `GET /backup`.
struct BackupTests {
  @Test func `it is a sound copy of the database, history and all, and leaves nothing behind`()
    async throws
  {
    try await API.serve(.live) { api in
      try await api.expect(201, .put, "/services/a", "{}")
      try await api.expect(204, .delete, "/services/a")
      let answer = try await api.send(.get, "/backup")
      #expect(answer.status == 200)
      #expect(answer["Content-Type"] == "application/vnd.sqlite3")
      #expect(answer["Content-Disposition"] == "attachment; filename=\"chancery.db\"")
      #expect(answer["Content-Length"] == "\(answer.body.count)")
      #expect(answer["Chancery-Revision"] == "3")
      let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      defer { try? FileManager.default.removeItem(at: file) }
      try Data(answer.body).write(to: file)
      let verification = try Verification(ofDatabaseAt: file.path())
      #expect(verification.problems == [])
      #expect(verification.revisions == 3)
      let rest = try FileManager.default.contentsOfDirectory(
        atPath: FileManager.default.temporaryDirectory.path()
      )
      #expect(!rest.contains { $0.hasPrefix("chancery-backup-") })
    }
  }

  @Test func `it comes in no other format`() async throws {
    try await API.serve { api in
      try await api.expect(406, .get, "/backup", headers: [.accept: "application/json"])
    }
  }
}
