import ArgumentParser
import Model
import Store

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a database or a backup, without a server.",
    discussion: """
      Checks SQLite's own structures and references, and that the history, revision by revision, \
      leads to the objects as they are. The file is only read.

      Exit status: 0 it is sound, 5 it is not; what is wrong is printed.
      """
  )

  @Argument(help: "The database's file.", completion: .file())
  var file: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("How to print what was found.", valueName: "format")
  )
  var output = OutputFormat.text

  func run() throws {
    let verification: Verification
    do {
      verification = try Verification(ofDatabaseAt: file)
    } catch let error as UnusableDatabase {
      throw CommandFailure(.invalid, "\(error)")
    }
    Terminal.write(output.render(verification.json) { verification.text(of: file) })
    if !verification.problems.isEmpty { throw CommandFailure(.invalid) }
  }
}

extension Verification {
  fileprivate var json: JSONValue {
    [
      "revisions": .integer(Int64(revisions)),
      "objects": .integer(Int64(objects)),
      "problems": .array(problems.map { .string($0) }),
    ]
  }

  fileprivate func text(of file: String) -> String {
    if problems.isEmpty { return "\(file) is sound: \(revisions) revisions, \(objects) objects.\n" }
    return problems.map { Terminal.colored("! \($0)\n", .red) }.joined()
  }
}
