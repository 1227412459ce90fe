import AdminClient
import ArgumentParser
import Model

struct History: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the revisions, newest first.",
    discussion: """
      chancery history                 the newest revisions
      chancery history route/users     those that changed one object

      A line has the number, the time, the author, the kind (change, rollback, direct for a \
      change by SQL, repair), how many objects were added (+), changed (~) and removed (-), and \
      the message.
      """
  )

  @Argument(help: "An object, as KIND/NAME: gateway, service or route.")
  var object: ObjectArgument?

  @Option(help: "How many at most.")
  var limit = 20

  @OptionGroup var client: ClientOptions

  func validate() throws {
    if !(1...1000).contains(limit) { throw ValidationError("--limit must be from 1 to 1000.") }
  }

  func run() async throws {
    let path = object.map { "/\($0.key.kind.section)/\($0.key.name)/revisions" } ?? "/revisions"
    let content = try await client.send(AdminCall("GET", "\(path)?page_size=\(limit)")).content
    Terminal.write(
      (client.output ?? .text).render(content) {
        (content["items"]?.elements ?? []).map(RevisionLine.init).map(\.text).joined()
      }
    )
  }
}

/// An object of the document as the command line names it.
struct ObjectArgument: ExpressibleByArgument {
  var key: ObjectKey

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, Name.isValid(parts[1]),
      let kind = ObjectKind(rawValue: parts[0]) ?? ObjectKind(section: parts[0])
    else { return nil }
    key = ObjectKey(kind, parts[1])
  }
}

/// A revision on one line.
struct RevisionLine {
  let revision: JSONValue

  init(_ revision: JSONValue) { self.revision = revision }

  var text: String {
    let number = Terminal.colored("\(revision["number"]?.integer ?? 0)", .yellow)
    let fields = ["time", "author", "kind"].compactMap { revision[$0]?.string }
    let message = revision["message"]?.string.map { "  " + $0 } ?? ""
    return ([number] + fields).joined(separator: "  ") + counts + message + "\n"
  }

  private var counts: String {
    if let operation = revision["op"]?.string { return "  \(operation)" }
    guard let counts = revision["counts"] else { return "" }
    let parts = [("added", "+"), ("changed", "~"), ("removed", "-")].compactMap { name, sign in
      counts[name]?.integer.flatMap { $0 == 0 ? nil : "\(sign)\($0)" }
    }
    return parts.isEmpty ? "" : "  " + parts.joined(separator: " ")
  }
}
