import Subprocess
import Testing

extension EndToEnd {
  /// What a person sees who sits before it, and a program does not.
  @Suite struct TerminalOutput {
    /// Runs the command on a terminal that `script` makes, and returns what that shows.
    private static func show(_ command: String, _ variables: [String: String]) async throws
      -> String
    {
      var environment: [Environment.Key: String] = ["PATH": "/usr/bin:/bin"]
      for (name, value) in variables { environment[Environment.Key(stringLiteral: name)] = value }
      let result = try await Subprocess.run(
        .name("script"),
        arguments: [
          "--quiet", "--return", "--command", "\(Chancery.program) \(command)", "/dev/null",
        ],
        environment: .custom(environment),
        input: .none,
        output: .string(limit: 1 << 16),
        error: .combinedWithOutput
      )
      #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)")
      return result.standardOutput
    }

    @Test func `a terminal gets colours, unless it wants none`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let server = ["CHANCERY_SERVER": "http://127.0.0.1:\(chancery.adminPort)"]
        let colored = try await Self.show("history", server)
        #expect(colored.hasPrefix("\u{1b}[33m1\u{1b}[0m  "))
        let plain = try await Self.show(
          "history",
          server.merging(["NO_COLOR": "1"]) { $1 }
        )
        #expect(plain.hasPrefix("1  "))
        let piped = try await chancery.expect(0, "history")
        #expect(piped.output.hasPrefix("1  "))
      }
    }

    @Test func `a terminal shows that it waits, and a program's standard error is empty`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let server = ["CHANCERY_SERVER": "http://127.0.0.1:\(chancery.adminPort)"]
        let shown = try await Self.show("rollback 1 --wait 5s", server)
        // How long it took already, which is wiped out at the end.
        #expect(shown.contains("\r\u{1b}[K"), "\(shown)")
        let piped = try await chancery.expect(0, "rollback", "1", "--wait", "5s")
        #expect(piped.errors.isEmpty)
      }
    }
  }
}
