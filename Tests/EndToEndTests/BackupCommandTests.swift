import Foundation
import Testing

extension EndToEnd {
  /// `backup` and `verify`.
  @Suite struct BackupCommand {
    @Test func `a copy that was made while it ran is sound, and starts`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await chancery.expect(0, "apply", "-f", "-", input: "services: {a: {}}")
        let file = bed.path("copy.db")
        let backup = try await chancery.expect(0, "backup", file)
        #expect(backup.output.hasPrefix("Wrote \(file), "))
        try await chancery.expect(2, "backup", file)
        let verified = try await chancery.expect(0, "verify", file)
        #expect(verified.output == "\(file) is sound: 2 revisions, 2 objects.\n")
        try await chancery.expect(0, "apply", "-f", "-", input: "services: {b: {}}")

        await chancery.process.stop()
        try FileManager.default.removeItem(atPath: bed.path("chancery.db"))
        try FileManager.default.moveItem(atPath: file, toPath: bed.path("chancery.db"))
        let restored = try await bed.startChancery(after: chancery)
        let config = try await restored.call(.get, "/config")
        #expect((config["services"] as? [String: Any])?.keys.sorted() == ["a"])
      }
    }

    @Test func `a damaged file is told`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let file = bed.path("copy.db")
        try await chancery.expect(0, "backup", file)
        let damage = try await ChildProcess.start(
          "/usr/bin/sqlite3",
          [
            file,
            "DROP TRIGGER gateway_updated; UPDATE gateway SET spec = '{\"port\":1}';",
          ],
          log: bed.folder.appending(path: "sqlite3.log")
        )
        #expect(try await damage.exitStatus() == 0, "\(damage.output)")
        let verified = try await Chancery.run(["verify", file])
        #expect(verified.status == 5)
        #expect(!(verified.output + verified.errors).isEmpty)
        try "no database".write(toFile: file, atomically: true, encoding: .utf8)
        try await chancery.expect(5, "verify", file)
      }
    }
  }
}
