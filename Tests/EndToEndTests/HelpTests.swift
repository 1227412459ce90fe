import Testing

extension EndToEnd {
  @Suite struct Help {
    private static let commands = [
      "serve", "envoy-bootstrap", "apply", "rollback", "revert", "diff", "export", "history",
      "show", "proxies", "ready", "token create", "token list", "token revoke", "backup", "verify",
    ]

    @Test(arguments: commands)
    func `each command says what it does, and what each option is for`(command: String)
      async throws
    {
      let words = command.split(separator: " ").map(String.init)
      let help = try await Chancery.run(words + ["--help"])
      #expect(help.status == 0)
      #expect(help.errors.isEmpty)
      #expect(help.output.hasPrefix("OVERVIEW: "))
      #expect(help.output.contains("\nUSAGE: chancery \(command) "))
      let lines = help.output.split(separator: "\n")
      for (index, line) in lines.enumerated() where line.hasPrefix("  -") || line.hasPrefix("  <") {
        // The texts stand in a column of their own, below a name that reaches into it.
        let isBeside = line.dropFirst(25).first == " "
        let isBelow =
          index + 1 < lines.count && lines[index + 1].hasPrefix(String(repeating: " ", count: 26))
        #expect(isBeside || isBelow, "\(line)")
      }
    }

    @Test func `the overview names every command and every exit status`() async throws {
      let help = try await Chancery.run(["--help"])
      for command in Self.commands {
        let word = command.split(separator: " ")[0]
        #expect(help.output.contains("\n  \(word) "), "\(word)")
      }
      let text = help.output.replacing("\n", with: " ")
      for status in 0...8 { #expect(text.contains(" \(status) "), "\(status)") }
    }
  }
}
