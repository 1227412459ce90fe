import Testing

extension EndToEnd {
  /// `history`, `show`, `diff M N`, `rollback` and `revert`.
  @Suite struct HistoryCommand {
    /// Revision 2 makes two services, 3 and 4 change one each, 5 deletes one.
    private static func run(_ body: (Chancery) async throws -> Void) async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let first = "services: {a: {}, b: {}}"
        try await chancery.expect(0, "apply", "-f", "-", "-m", "Make a and b", input: first)
        try await chancery.write(.patch, "/services/a", #"{"protocol": "http2"}"#)
        try await chancery.write(.patch, "/services/b", #"{"connect_timeout": "7s"}"#)
        try await chancery.write(.delete, "/services/b")
        try await body(chancery)
      }
    }

    @Test func `history lists the revisions, of the document or of one object`() async throws {
      try await Self.run { chancery in
        let all = try await chancery.expect(0, "history")
        let lines = all.output.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix("5  ") && lines[0].hasSuffix("  anonymous  change  -1"))
        #expect(lines[3].hasSuffix("  anonymous  change  +2  Make a and b"))
        let one = try await chancery.expect(0, "history", "service/b")
        #expect(one.output.split(separator: "\n").count == 3)
        #expect(one.output.contains("  removed"))
        let limited = try await chancery.expect(0, "history", "--limit", "1", "-o", "json")
        #expect((limited["items"] as? [Any])?.count == 1)
        try await chancery.expect(4, "history", "service/nobody")
      }
    }

    @Test func `show tells who did what, and diff what differs`() async throws {
      try await Self.run { chancery in
        let shown = try await chancery.expect(0, "show", "3")
        #expect(shown.output.contains("~ service a\n    add /protocol \"http2\"\n"))
        let diff = try await chancery.expect(1, "diff", "3", "5")
        #expect(diff.output == "- service b\n")
        try await chancery.expect(0, "diff", "3", "3")
        let parent = try await chancery.expect(1, "diff", "3")
        #expect(parent.output == "~ service a\n    add /protocol \"http2\"\n")
        try await chancery.expect(4, "show", "9")
      }
    }

    @Test func `rollback and revert say what they changed`() async throws {
      try await Self.run { chancery in
        let tried = try await chancery.expect(0, "rollback", "2", "--dry-run")
        #expect(tried.output.hasPrefix("~ service a\n    remove /protocol\n+ service b\n"))
        let reverting = try await chancery.expect(0, "revert", "3", "--dry-run")
        #expect(reverting.output.hasPrefix("~ service a\n    remove /protocol\nxDS resources: "))
        #expect(try await chancery.call(.get, "/config").revision == 5)
        let revert = try await chancery.expect(0, "revert", "3")
        #expect(revert.output == "~ service a\nMade revision 6.\n")
        let again = try await chancery.expect(0, "revert", "3")
        #expect(again.output == "Nothing changed; still revision 6.\n")
        let rollback = try await chancery.expect(0, "rollback", "4", "--message", "Back")
        #expect(rollback.output == "~ service a\n+ service b\nMade revision 7.\n")
        let conflict = try await chancery.expect(4, "revert", "2")
        #expect(conflict.errors.contains("/services/a"))
        #expect(conflict.errors.contains("/services/b"))
        try await chancery.expect(4, "rollback", "99")
      }
    }

    @Test func `messages are kept, and a server that is named wins over the environment's`()
      async throws
    {
      try await Self.run { chancery in
        let server = ["--server", "http://127.0.0.1:\(chancery.adminPort)"]
        let nowhere = ["CHANCERY_SERVER": "http://127.0.0.1:1"]
        for write in ["rollback", "revert"] {
          let arguments = [write, "4", "--message", "By \(write)"] + server
          let result = try await Chancery.run(arguments, environment: nowhere)
          #expect(result.status == 0, "\(result.errors)")
        }
        let history = try await chancery.expect(0, "history", "--limit", "2")
        let lines = history.output.split(separator: "\n")
        #expect(lines.map { $0.hasSuffix("  By revert") } == [true, false])
        #expect(lines.map { $0.hasSuffix("  By rollback") } == [false, true])
      }
    }
  }
}
