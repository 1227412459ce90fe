import Subprocess
import SystemPackage

/// What came of a run of the `chancery` command.
struct CommandResult: Sendable {
  var status: Int32
  var output: String
  var errors: String

  /// The output without the line feed at its end.
  var line: String { output.hasSuffix("\n") ? String(output.dropLast()) : output }
}

extension Chancery {
  /// Runs the command to its end, with nothing of Chancery's in its environment but what is given.
  static func run(
    _ arguments: [String],
    environment: [String: String] = [:],
    input: String = "",
    program: String = Chancery.program
  ) async throws -> CommandResult {
    let result = try await Subprocess.run(
      .path(FilePath(program)),
      arguments: Arguments(arguments),
      environment: .custom(
        Dictionary(
          uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) }
        )
      ),
      input: .string(input),
      output: .string(limit: 16 << 20),
      error: .string(limit: 1 << 20)
    )
    let status =
      switch result.terminationStatus {
      case .exited(let code), .signaled(let code): code
      }
    return CommandResult(
      status: status,
      output: result.standardOutput,
      errors: result.standardError
    )
  }
}
