import AdminClient
import ArgumentParser
import Model

struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the whole document, ready for apply.",
    discussion: """
      In YAML, unless --output json is given. To go back to a revision, rollback is the better \
      way; this is for a copy that people read or keep.

      chancery export > gateway.yaml
      chancery export --at 7 | chancery diff --prune -f -     what a rollback to 7 would change
      """
  )

  @Option(help: ArgumentHelp("The document as of that revision.", valueName: "revision"))
  var at: Int?

  @OptionGroup var client: ClientOptions

  func run() async throws {
    let answer = try await client.send(AdminCall("GET", "/config" + (at.map { "?at=\($0)" } ?? "")))
    let format = client.output == .json ? OutputFormat.json : .yaml
    Terminal.write(format.render(answer.content) { "" })
  }
}
