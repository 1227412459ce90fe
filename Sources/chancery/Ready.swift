import AdminClient
import ArgumentParser
import Model
import NIOCore

struct Ready: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell whether the server is ready, or wait until it is.",
    discussion: """
      It is ready when its database is open, the newest revision is published and proxies can \
      connect. No token is needed.

      Exit status: 0 ready, 7 it answers but is not ready, 8 no server.
      """
  )

  @Option(
    help: ArgumentHelp(
      "Wait until it is ready, at most so long, such as 60s; up to 5m.",
      valueName: "duration"
    )
  )
  var wait: WaitSpan?

  @OptionGroup var client: ClientOptions

  func run() async throws {
    let progress = wait.map { _ in "Waiting for the server" }
    let content = try await Terminal.showingProgress(progress) {
      try await AdminClient.with(client.settings, readiness)
    }
    Terminal.write((client.output ?? .text).render(content) { "Ready.\n" })
  }

  private func readiness(of server: AdminClient) async throws -> JSONValue {
    let deadline = ContinuousClock.now + .seconds(wait?.seconds ?? 0)
    while true {
      do {
        return try await Self.ask(server)
      } catch  where ContinuousClock.now < deadline {
        // A server that starts gives no sign that could be waited for.
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  private static func ask(_ server: AdminClient) async throws -> JSONValue {
    var call = AdminCall("GET", "/readyz")
    call.patience = .seconds(5)
    do {
      return try await server.send(call).content
    } catch let refused as Refused where refused.status == 503 {
      throw CommandFailure(.waited, "The server is not ready. \(refused)")
    }
  }
}
