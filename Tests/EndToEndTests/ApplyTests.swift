import Foundation
import Testing

extension EndToEnd {
  /// `apply`, `diff` and `export`.
  @Suite struct ApplyCommand {
    private static let document = """
      services:
        users:
          protocol: http2
          endpoints:
            - {address: 10.0.0.1, port: 8080}
      routes:
        users: {match: {prefix: /users}, service: users}
      """

    @Test func `apply does what diff said, and then nothing differs`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery(["--no-default-gateway"])
        let file = bed.path("gateway.yaml")
        try Self.document.write(toFile: file, atomically: true, encoding: .utf8)
        let before = try await chancery.expect(1, "diff", "-f", file)
        #expect(before.output.contains("+ service users"))
        #expect(before.output.contains("+ route users"))

        let applied = try await chancery.expect(0, "apply", "-f", file, "--message", "First")

        #expect(applied.output.contains("+ route users"))
        #expect(applied.output.contains("Made revision 2."))
        let after = try await chancery.expect(0, "diff", "-f", file)
        #expect(after.output.isEmpty)
        let again = try await chancery.expect(0, "apply", "-f", file)
        #expect(again.output == "Nothing changed; still revision 2.\n")
        let revision = try await chancery.call(.get, "/revisions/2")
        #expect(revision["message"] as? String == "First")
      }
    }

    @Test func `a field taken out of the file goes, and an object only with --prune`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await chancery.expect(0, "apply", "-f", "-", input: Self.document)
        let smaller = "services: {users: {}}\nroutes: {}\n"
        let kept = try await chancery.expect(0, "apply", "-f", "-", input: smaller)
        #expect(kept.output.contains("~ service users"))
        #expect(!kept.output.contains("route"))
        let plan = try await chancery.expect(1, "diff", "--prune", "-f", "-", input: smaller)
        #expect(plan.output.hasPrefix("- route users\n"))
        let pruned = try await chancery.expect(
          0,
          "apply",
          "--prune",
          "-f",
          "-",
          input: smaller
        )
        #expect(pruned.output.contains("- route users"))
        try await chancery.expect(0, "diff", "--prune", "-f", "-", input: smaller)
      }
    }

    @Test func `a folder's files are one document`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let folder = bed.path("config")
        try FileManager.default.createDirectory(
          atPath: folder,
          withIntermediateDirectories: false
        )
        try "services: {users: {}}".write(
          toFile: folder + "/a.yaml",
          atomically: true,
          encoding: .utf8
        )
        try #"{"services": {"posts": {}}}"#.write(
          toFile: folder + "/b.json",
          atomically: true,
          encoding: .utf8
        )
        try await chancery.expect(0, "apply", "--prune", "-f", folder)
        try await chancery.expect(0, "diff", "--prune", "-f", folder)
        let config = try await chancery.call(.get, "/config")
        #expect((config["services"] as? [String: Any])?.keys.sorted() == ["posts", "users"])
      }
    }

    @Test func `a dry run says what would change, and changes nothing`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let tried = try await chancery.expect(
          0,
          "apply",
          "--dry-run",
          "-f",
          "-",
          input: Self.document
        )
        #expect(tried.output.contains("+ service users"))
        #expect(tried.output.contains("xDS resources: 3 added, 1 changed, 0 removed."))
        #expect(try await chancery.call(.get, "/config").revision == 1)
        let json = try await chancery.expect(
          0,
          "apply",
          "--dry-run",
          "-o",
          "json",
          "-f",
          "-",
          input: Self.document
        )
        #expect((json["changes"] as? [Any])?.count == 2)
        #expect((json["xds"] as? [String: Any])?.keys.sorted() == ["added", "changed", "removed"])
      }
    }

    @Test func `apply and diff warn of a route that another one hides`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let document = """
          routes:
            all: {match: {prefix: /}, respond: {status: 503}, priority: 1}
            one: {match: {exact: /a}, respond: {status: 200}}
          """
        let warning = """
          warning: /routes/one: The route "all" takes all of its requests on host "*" before it.

          """
        let diff = try await chancery.expect(1, "diff", "-f", "-", input: document)
        #expect(diff.output.hasSuffix(warning))
        let tried = try await chancery.expect(
          0,
          "apply",
          "--dry-run",
          "-f",
          "-",
          input: document
        )
        #expect(tried.output.hasSuffix(warning))
        let applied = try await chancery.expect(0, "apply", "-f", "-", input: document)
        #expect(applied.output.hasSuffix("Made revision 2.\n" + warning))
      }
    }

    @Test func `the output has no colours where no terminal is`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let applied = try await chancery.expect(0, "apply", "-f", "-", input: Self.document)
        #expect(!applied.output.contains("\u{1b}"))
      }
    }

    @Test func `export is the document, of any revision, in YAML or JSON`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await chancery.expect(0, "apply", "-f", "-", input: Self.document)
        let yaml = try await chancery.expect(0, "export")
        #expect(yaml.output.contains("\nservices:\n"))
        let json = try await chancery.expect(0, "export", "--output", "json")
        #expect((json["services"] as? [String: Any])?.keys.sorted() == ["users"])
        let first = try await chancery.expect(0, "export", "--at", "1", "--output", "json")
        #expect((first["services"] as? [String: Any])?.isEmpty == true)
        try await chancery.expect(4, "export", "--at", "9")
      }
    }

    @Test func `what is exported differs in nothing from what is there, for every document`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let file = bed.path("document.json")
        for seed in 0..<25 {
          var random = RandomDocument(seed: UInt64(seed))
          try random.document().write(toFile: file, atomically: true, encoding: .utf8)
          try await chancery.expect(0, "apply", "--prune", "--file", file)
          let exported = try await chancery.expect(0, "export")
          let diff = try await chancery.expect(
            0,
            "diff",
            "--prune",
            "-f",
            "-",
            input: exported.output
          )
          #expect(diff.output.isEmpty, "seed \(seed): \(exported.output)\n\(diff.output)")
        }
      }
    }
  }
}
