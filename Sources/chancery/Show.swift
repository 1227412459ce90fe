import AdminClient
import ArgumentParser
import Model

struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show one revision: who made it, when and why, and what it changed.",
    discussion: """
      Below each object are the steps that changed it, as of JSON Patch (RFC 6902). With --output \
      json or yaml: each object before and after.
      """
  )

  @Argument(help: "The revision's number.")
  var revision: Int

  @OptionGroup var client: ClientOptions

  func run() async throws {
    let (revision, diff) = try await AdminClient.with(client.settings) { server in
      (
        try await server.send(AdminCall("GET", "/revisions/\(self.revision)")).content,
        try await server.send(AdminCall("GET", "/revisions/\(self.revision)/diff")).content
      )
    }
    Terminal.write(
      (client.output ?? .text).render(revision) {
        RevisionLine(revision).text + faults(of: revision) + ChangeList(diff).text
      }
    )
  }

  /// Why a revision that was written past Chancery cannot be served.
  private func faults(of revision: JSONValue) -> String {
    (revision["errors"]?.elements ?? []).map { fault in
      let line = "! \(fault["pointer"]?.string ?? ""): \(fault["detail"]?.string ?? "")\n"
      return Terminal.colored(line, .red)
    }.joined()
  }
}
