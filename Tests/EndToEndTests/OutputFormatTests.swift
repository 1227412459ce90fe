import Foundation
import Testing

extension EndToEnd {
  /// `--output`.
  @Suite struct OutputFormats {
    /// Commands, the text that each prints for people, and the member of what the API answered.
    private static let commands: [(arguments: [String], text: String, member: String)] = [
      (["apply", "-f", "-"], "Nothing changed; still revision 2.\n", "revision"),
      (["apply", "--dry-run", "-f", "-"], "Nothing would change.\n", "xds"),
      (["rollback", "2"], "Nothing changed; still revision 2.\n", "number"),
      (["revert", "2", "--dry-run"], "- service a\n", "xds"),
      (["diff", "-f", "-"], "", "xds"),
      (["diff", "2", "2"], "", "changes"),
      (["export"], "gateways:\n", "services"),
      (["history"], "2  ", "items"),
      (["show", "2"], "2  ", "number"),
      (["proxies"], "No proxy has connected yet.", "items"),
      (["ready"], "Ready.\n", "status"),
      (["envoy-bootstrap", "--node-id", "a"], "", "node"),
      (["token", "list"], "There are no tokens.", "items"),
    ]

    @Test func `what the API answered can be had as JSON and as YAML`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let document = "services: {a: {}}"
        try await chancery.expect(0, "apply", "-f", "-", input: document)
        let server = ["CHANCERY_SERVER": "http://127.0.0.1:\(chancery.adminPort)"]
        for (arguments, text, member) in Self.commands {
          let results = try await ["text", "json", "yaml"].asyncMap { format in
            try await Chancery.run(
              arguments + ["--output", format],
              environment: server,
              input: document
            )
          }
          for result in results { #expect(result.status == 0, "\(arguments): \(result.errors)") }
          #expect(results[0].output.hasPrefix(text), "\(arguments): \(results[0].output)")
          #expect(results[1][member] != nil, "\(arguments): \(results[1].output)")
          let line = "\n\(member):"
          #expect(("\n" + results[2].output).contains(line), "\(arguments): \(results[2].output)")
        }
      }
    }

    @Test(arguments: [("text", "Wrote "), ("json", "{"), ("yaml", "bytes: ")])
    func `a copy, what is found in it and a new token are told so, too`(
      format: String,
      start: String
    ) async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let file = bed.path("copy.db")
        let backup = try await chancery.expect(0, "backup", file, "--output", format)
        #expect(backup.output.hasPrefix(start), "\(backup.output)")
        let verify = try await chancery.expect(0, "verify", file, "--output", format)
        #expect(verify.output.contains(format == "text" ? "is sound" : "problems"))
        if format == "json" {
          #expect((backup["bytes"] as? Int ?? 0) > 0)
          #expect(backup["file"] as? String == file)
          #expect(verify["revisions"] as? Int == 1)
        }
        let token = ["create", "ci", "--role", "viewer", "--output", format]
        let made = try await Chancery.run(["token"] + token + ["--database", file])
        #expect(made.status == 0)
        #expect(made.output.hasPrefix("chy_") == (format == "text"))
        #expect(made.output.contains("chy_"))
        let revoke = ["token", "revoke", "ci", "--output", format, "--database", file]
        let revoked = try await Chancery.run(revoke)
        #expect(revoked.output.contains(format == "text" ? "Revoked" : "revoked"))
      }
    }
  }
}

extension Array {
  fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows
    -> [Value]
  {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
