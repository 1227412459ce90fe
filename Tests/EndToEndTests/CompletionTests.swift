import Subprocess
import Testing

extension EndToEnd {
  @Suite struct Completion {
    @Test(arguments: ["bash", "zsh", "fish"])
    func `a shell can be taught the command`(shell: String) async throws {
      let result = try await Chancery.run(["--generate-completion-script", shell])
      #expect(result.status == 0)
      for name in ["apply", "rollback", "verify"] { #expect(result.output.contains(name)) }
    }

    @Test func `bash reads its script, and completes a command's name by it`() async throws {
      let script = try await Chancery.run(["--generate-completion-script", "bash"])
      let completion = """
        COMP_WORDS=(chancery roll) COMP_CWORD=1 COMP_LINE="chancery roll" COMP_POINT=13
        _chancery chancery roll chancery 2>/dev/null
        echo "${COMPREPLY[@]}"
        """
      let bash = try await Subprocess.run(
        .name("bash"),
        arguments: ["--norc", "-s"],
        input: .string(script.output + "\n" + completion + "\n"),
        output: .string(limit: 1 << 16),
        error: .string(limit: 1 << 16)
      )
      #expect(bash.terminationStatus.isSuccess, "\(bash.standardError)")
      #expect(bash.standardOutput == "rollback\n", "\(bash.standardError)")
    }
  }
}
