import AdminClient
import ArgumentParser

struct Rollback: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the document what it was at a revision, as a new revision.",
    discussion: """
      History stays as it is. To undo only one revision and keep later ones: chancery revert. \
      To see first what would change: --dry-run.
      """
  )

  @Argument(help: "The revision to go back to.")
  var revision: Int

  @OptionGroup var client: ClientOptions
  @OptionGroup var write: WriteOptions

  func run() async throws {
    try await write.post("/revisions/\(revision)/rollback", client)
  }
}

struct Revert: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Undo what one revision did and keep the later ones, as a new revision.",
    discussion: """
      Where a later revision changed the same thing, nothing is done, and it says where (exit \
      status 4). To see first what would change: --dry-run.
      """
  )

  @Argument(help: "The revision to undo.")
  var revision: Int

  @OptionGroup var client: ClientOptions
  @OptionGroup var write: WriteOptions

  func run() async throws { try await write.post("/revisions/\(revision)/revert", client) }
}

extension WriteOptions {
  /// Makes a write that needs no body, and says what became of it.
  fileprivate func post(_ path: String, _ client: ClientOptions) async throws {
    let call = applied(to: AdminCall("POST", path))
    let progress = wait.map { _ in "Waiting for the proxies" }
    let answer = try await Terminal.showingProgress(progress) { try await client.send(call) }
    let report = WriteReport(answer: answer, isDryRun: dryRun)
    report.tell(client.output ?? .text)
    try report.check()
  }
}
