import Foundation
import Testing

extension EndToEnd {
  @Suite struct DirectWrite {
    @Test func `a row changed with the sqlite3 shell is served, as a direct revision`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        _ = try await bed.startEnvoy(chancery)
        let port = try await bed.openGateway(chancery)
        try await chancery.post("/routes", Self.route)
        try await gateway(port: port, "/", answers: "by the API")
        let before = try #require(try await chancery.call(.get, "/config").revision)

        try await bed.sqlite(
          "UPDATE route SET spec = json_set(spec, '$.respond.body', 'by SQL') WHERE name = 'root'"
        )

        try await gateway(port: port, "/", answers: "by SQL")
        let revision = try await chancery.call(.get, "/revisions/\(before + 1)")
        #expect(revision["kind"] as? String == "direct")
      }
    }

    @Test func `a row that makes no sense is kept as a revision, repaired and never served`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        let port = try await bed.openGateway(chancery)
        try await chancery.post("/routes", Self.route)
        try await gateway(port: port, "/", answers: "by the API")
        let before = try await chancery.call(.get, "/config")
        let number = try #require(before.revision)

        try await bed.sqlite("UPDATE route SET spec = '{\"nonsense\": 1}' WHERE name = 'root'")

        try await eventually("the repair") {
          try await chancery.call(.get, "/config").revision
        } until: {
          $0 == number + 2
        }
        let direct = try await chancery.call(.get, "/revisions/\(number + 1)")
        #expect(direct["kind"] as? String == "direct")
        #expect(direct.text.contains("/routes/root"))
        let repair = try await chancery.call(.get, "/revisions/\(number + 2)")
        #expect(repair["kind"] as? String == "repair")
        #expect(try await chancery.call(.get, "/config").text == before.text)
        #expect(try await ask(port: port, "/").text == "by the API")
        #expect(try await envoy.rejections() == 0)
      }
    }

    private static let route = """
      {"name": "root", "match": {"prefix": "/"}, "respond": {"status": 200, "body": "by the API"}}
      """
  }
}

extension Testbed {
  /// What the `sqlite3` shell answers to a statement on the test's database.
  @discardableResult
  func sqlite(_ statement: String) async throws -> String {
    let shell = try await ChildProcess.start(
      "/usr/bin/sqlite3",
      ["-cmd", ".timeout 5000", path("chancery.db"), statement],
      log: folder.appending(path: "sqlite3.log")
    )
    let status = try await shell.exitStatus()
    try #require(status == 0, "\(shell.output)")
    return shell.output
  }
}
