import AdminClient
import ArgumentParser
import Model

struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "What a large document costs: from nothing, again unchanged, and rolled back.",
    discussion: """
      Starts chancery on an empty database, and times each call of its API from sending it to its \
      answer. The client shares the machine.
      """
  )

  @Option(help: "How many services there are, and as many routes.")
  var services = 10_000

  @Option(help: "How many endpoints each service has.")
  var endpoints = 2

  @Option(help: "How often the unchanged document is applied, and each rollback done.")
  var runs = 3

  @OptionGroup var server: ServerOptions

  func validate() throws {
    guard services >= 1, endpoints >= 0, endpoints < 250, runs >= 1 else {
      throw ValidationError("It takes a service, a run, and at most 249 endpoints.")
    }
  }

  func run() async throws {
    let file = try TemporaryDatabase()
    let process = try ChanceryProcess(server.chancery, database: file.path)
    try process.listen()
    let table = try await AdminClient.with(.init(server: process.api)) { client in
      try await measure(client, process)
    }
    process.stop()
    Terminal.write(table.formatted(server.output))
  }

  private func measure(_ client: AdminClient, _ server: ChanceryProcess) async throws
    -> FigureTable
  {
    let document = SampleDocument(services: services, endpoints: endpoints)
    let probe = CallProbe(client: client, server: server, runs: runs)
    var table = FigureTable(
      title: "\(services) services with \(endpoints) endpoints, and \(services) routes",
      columns: ["median_ms", "max_ms", "cpu_ms"]
    )
    let whole = AdminCall("PUT", "/config", document.json())
    try await probe.once("from nothing", { _ in whole }, into: &table, runs: 1)
    try await probe.once("again unchanged", { _ in whole }, into: &table)
    for count in [1, 100, 10_000] where count <= services {
      var change = count
      try await probe.once(
        "change of \(count)",
        { _ in
          change += 1
          return AdminCall("PATCH", "/config", document.patch(of: count, change: change))
        },
        into: &table
      )
      try await probe.once(
        "rollback of \(count)",
        { AdminCall("POST", "/revisions/\(max(1, $0 - 1))/rollback") },
        into: &table
      )
    }
    return table
  }
}

/// Times calls one after the other.
struct CallProbe {
  let client: AdminClient
  let server: ChanceryProcess
  let runs: Int

  /// Adds a row: the median and the longest time, and the server's processor time for each call.
  ///
  /// `call` is told the newest revision.
  func once(
    _ name: String,
    _ call: (Int) -> AdminCall,
    into table: inout FigureTable,
    runs: Int? = nil
  ) async throws {
    Terminal.report(name)
    let runs = runs ?? self.runs
    var durations: [Duration] = []
    let processor = server.processorTime
    for _ in 0..<runs {
      let newest = try await client.send(AdminCall("GET", "/revisions?page_size=1")).revision ?? 0
      let call = call(newest)
      let start = ContinuousClock.now
      _ = try await client.send(call)
      durations.append(.now - start)
    }
    table.add(name, durations, (server.processorTime - processor) / .milliseconds(runs))
  }
}
