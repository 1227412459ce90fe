import Foundation
import Testing

extension EndToEnd {
  /// `ready`.
  @Suite struct ReadyCommand {
    @Test func `it waits for a server that starts later`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        await chancery.kill()
        try await chancery.expect(8, "ready", "--wait", "1s")
        async let waited = chancery.expect(0, "ready", "--wait", "60s")
        _ = try await bed.startChancery(after: chancery)
        let output = try await waited.output
        #expect(output == "Ready.\n")
        try await chancery.expect(0, "ready")
      }
    }

    @Test func `a server that cannot serve is 7, with its reasons`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try FileManager.default.moveItem(atPath: bed.path("chancery.db"), toPath: bed.path("away"))
        try await eventually("it has noticed") {
          try await chancery.call(.get, "/readyz").status
        } until: {
          $0 == 503
        }
        let result = try await chancery.expect(7, "ready", "--wait", "1s")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("not ready"))
        #expect(result.errors.contains("chancery.db"))
      }
    }
  }
}
