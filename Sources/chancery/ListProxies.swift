import AdminClient
import ArgumentParser
import Model

struct ListProxies: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proxies",
    abstract: "List the proxies: which revision each has, and what it refused.",
    discussion: """
      A line has the proxy's node id, its fleet, its state, the newest revision that it has in \
      full, and Envoy's version. States: synced (has the newest revision), pending (does not have \
      it yet), rejected (refused something; the reason is below), offline (gone, but remembered).
      """
  )

  @OptionGroup var client: ClientOptions

  func run() async throws {
    let content = try await AdminClient.with(client.settings) { try await Self.all($0) }
    Terminal.write(
      (client.output ?? .text).render(["items": .array(content)]) {
        content.isEmpty
          ? "No proxy has connected yet. See: chancery envoy-bootstrap --help\n"
          : content.map(Self.text).joined()
      }
    )
  }

  private static func all(_ server: AdminClient) async throws -> [JSONValue] {
    var items: [JSONValue] = []
    var path: String? = "/proxies?page_size=1000"
    while let next = path {
      let content = try await server.send(AdminCall("GET", next)).content
      items += content["items"]?.elements ?? []
      path = content["next_page_token"]?.string.map { "/proxies?page_size=1000&page_token=\($0)" }
    }
    return items
  }

  private static func text(_ proxy: JSONValue) -> String {
    let state = proxy["state"]?.string ?? ""
    let revision = proxy["revision"]?.integer.map { "revision \($0)" } ?? "no revision"
    let fields = [
      proxy["id"]?.string ?? "", proxy["fleet"]?.string ?? "", colored(state), revision,
      proxy["envoy_version"]?.string.map { "Envoy \($0)" } ?? "",
    ]
    let line = fields.filter { !$0.isEmpty }.joined(separator: "  ") + "\n"
    guard state == "rejected", let rejection = proxy["last_rejection"] else { return line }
    return line + "    \(rejection["message"]?.string ?? "")\n"
  }

  private static func colored(_ state: String) -> String {
    switch state {
    case "synced": Terminal.colored(state, .green)
    case "rejected": Terminal.colored(state, .red)
    case "pending": Terminal.colored(state, .yellow)
    default: Terminal.colored(state, .faint)
    }
  }
}
