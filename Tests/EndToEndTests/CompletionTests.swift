import Testing

extension EndToEnd {
  @Suite struct Completion {
    @Test(arguments: ["bash", "zsh", "fish"])
    func `a shell can be taught the command`(shell: String) async throws {
      let result = try await Chancery.run(["--generate-completion-script", shell])
      #expect(result.status == 0)
      for name in ["apply", "rollback", "verify"] { #expect(result.output.contains(name)) }
    }
  }
}
