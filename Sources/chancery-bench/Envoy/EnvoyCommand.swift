import AdminClient
import ArgumentParser

struct EnvoyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "envoy",
    abstract: "How long it takes from a write until a real Envoy serves it.",
    discussion: """
      Gives a route another path, to a service that answers, and asks Envoy for that path again and \
      again until it answers with 200: at first with nothing else going on, and then while other \
      endpoints and routes change. All the while clients ask for a path that no change is about; \
      what of that is not answered with 200 has failed.

      Envoy, its clients and the server that answers share the machine.
      """
  )

  @Option(
    name: .customLong("routes"),
    help: "How many routes there are; may be given several times. (default: 1000, 10000)"
  )
  var sizes: [Int] = []

  @Option(help: "How many writes are measured each time.")
  var writes = 200

  @Option(help: "How many other changes are made in a second.")
  var rate = 50

  @Option(help: "How many clients ask for a path that no change is about.")
  var clients = 4

  @Option(help: "How many routes share a host.")
  var routesPerHost = 10

  @Option(
    help: "Envoy's executable. (default: the one that CHANCERY_ENVOY names, or envoy on the PATH)"
  )
  var envoy: String?

  @OptionGroup var server: ServerOptions

  func validate() throws {
    guard sizes.allSatisfy({ $0 >= 2 }), writes >= 1, rate >= 1, clients >= 1, routesPerHost >= 1
    else {
      throw ValidationError("It takes two routes, a write, another change and a client.")
    }
  }

  func run() async throws {
    guard let executable = EnvoyProcess.executable(envoy) else {
      throw ValidationError("There is no envoy on the PATH. Name one with --envoy.")
    }
    var table = FigureTable(
      title: "\(writes) writes each, \(routesPerHost) routes a host",
      columns: ["p50_ms", "p99_ms", "max_ms", "other_changes", "requests", "failed"]
    )
    for routes in sizes.isEmpty ? [1000, 10_000] : sizes {
      let document = SampleDocument(services: routes, endpoints: 1, routesPerHost: routesPerHost)
      let runs = try await SampleServer.with(document, server.chancery) { server in
        try await EnvoyRun.with(server, executable, self.server.chancery) { run in
          [
            try await run.measure(writes, clients: clients),
            try await run.measure(writes, clients: clients, others: rate),
          ]
        }
      }
      for (name, run) in zip(["idle", "\(rate) other changes/s"], runs) {
        table.rows.append(.init(name: "\(routes) routes, \(name)", figures: run.figures))
      }
    }
    Terminal.write(table.formatted(server.output))
  }
}
