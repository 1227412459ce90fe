import Foundation
import Subprocess
import Testing

extension EndToEnd {
  /// What the documentation shows to be typed, typed.
  @Suite struct Documentation {
    /// Types a command into a shell of its own.
    private static func type(
      _ command: String,
      to chancery: Chancery,
      in bed: Testbed
    ) async throws -> (status: TerminationStatus, output: String) {
      let bin = URL(filePath: Chancery.program).deletingLastPathComponent().path
      let search = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      let script = """
        curl() { command curl --silent --show-error --write-out '\\n%{http_code}' "$@"; }
        cd '\(bed.folder.path)'
        \(command.replacing("localhost:18001", with: "127.0.0.1:\(chancery.adminPort)"))
        """
      let result = try await Subprocess.run(
        .name("bash"),
        arguments: ["-s"],
        environment: .inherit.updating([
          "PATH": "\(bin):\(search)",
          "CHANCERY_SERVER": "http://127.0.0.1:\(chancery.adminPort)",
        ]),
        input: .string(script),
        output: .string(limit: 1 << 20),
        error: .combinedWithOutput
      )
      return (result.terminationStatus, result.standardOutput)
    }

    /// Writes the document that the pages are about.
    private static func write(into bed: Testbed) throws {
      let document = try Page("docs/api.md").blocks("yaml").first ?? ""
      #expect(document.hasPrefix("gateways:\n"))
      try document.write(toFile: bed.path("gateway.yaml"), atomically: true, encoding: .utf8)
    }

    @Test func `the API answers what its page shows`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try Self.write(into: bed)
        // Who reads that page has done before what the first page shows, but for asking Envoy.
        let first = try Page("README.md").commands.prefix(4).filter { $0.text.contains(":18001") }
        let commands = try Page("docs/api.md").commands
        #expect(first.count == 3)
        #expect(commands.count > 25)
        for command in first + commands {
          let (status, output) = try await Self.type(command.text, to: chancery, in: bed)
          #expect(status.isSuccess, "\(command.text): \(output)")
          let lines = output.split(separator: "\n")
          let code = lines.last.flatMap { Int($0) } ?? 0
          #expect(Self.expected(of: command).contains(code), "\(command.text)\n\(output)")
          guard command.output.hasPrefix("{"), !command.output.contains("…") else { continue }
          let body = lines.dropLast().joined(separator: "\n")
          #expect(try Self.object(body) == Self.object(command.output), "\(output)")
        }
      }
    }

    /// The statuses that an answer may have.
    private static func expected(of command: Page.Command) -> ClosedRange<Int> {
      if command.output.contains("\"status\": 422") { return 422...422 }
      // The tag in the page is of a revision of the reader's.
      return command.text.contains("If-Match") ? 412...412 : 200...299
    }

    private static func object(_ text: String) throws -> NSDictionary? {
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
    }

    @Test func `the command prints what its page shows`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try Self.write(into: bed)
        let commands = try Page("docs/command.md").commands.filter { !$0.output.isEmpty }
        #expect(commands.count == 4)
        for command in commands {
          let (_, output) = try await Self.type(command.text, to: chancery, in: bed)
          let time = /\d{4}-\d\d-\d\dT[\d:.]+Z/
          #expect(
            output.replacing(time, with: "TIME") == command.output.replacing(time, with: "TIME")
          )
        }
      }
    }
  }
}
