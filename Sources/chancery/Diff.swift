import AdminClient
import ArgumentParser
import Model

struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a file would change, or what differs between two revisions.",
    discussion: """
      chancery diff -f FILE      what `chancery apply -f FILE` would do
      chancery diff 3 7          what leads from revision 3 to revision 7
      chancery diff 7            what revision 7 changed

      Exit status: 0 if nothing differs, 1 if something does; else as of apply.
      """
  )

  @Argument(help: "One or two revisions.")
  var revisions: [Int] = []

  @OptionGroup var client: ClientOptions
  @OptionGroup var document: DocumentOptions

  func validate() throws {
    if document.file.isEmpty == revisions.isEmpty || revisions.count > 2 {
      throw ValidationError("Name a file with -f, or one or two revisions.")
    }
  }

  func run() async throws {
    let content = try await client.send(try call()).content
    let changes = ChangeList(content)
    Terminal.write(
      (client.output ?? .text).render(content) {
        changes.text + content.warningText
      }
    )
    if !changes.isEmpty { throw CommandFailure(.different) }
  }

  private func call() throws -> AdminCall {
    if let last = revisions.last {
      let from = revisions.count == 2 ? "?from=\(revisions[0])" : ""
      return AdminCall("GET", "/revisions/\(last)/diff\(from)")
    }
    var call = try document.call()
    call.path += (call.path.contains("?") ? "&" : "?") + "dry_run=true"
    return call
  }
}
