import AdminClient
import ArgumentParser
import Model

struct WritesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "writes",
    abstract: "Durable writes by HTTP, one by one and by many clients, beside SQLite alone.",
    discussion: """
      Each write is one revision, answered when it is on the disk. The ratio is to the rate at \
      which SQLite alone commits the same rows one by one, with the same durability, in the same \
      run. The clients share the machine.
      """
  )

  @Option(help: "How many clients write at a time; may be given several times. (default: 1, 8, 64)")
  var clients: [Int] = []

  @Option(help: "How many seconds each measurement takes.")
  var seconds = 3.0

  @Option(help: "How many services there are.")
  var services = 1000

  @Option(help: "How many objects a PATCH of the document changes.")
  var patched = 1000

  @OptionGroup var server: ServerOptions

  func validate() throws {
    guard services >= 1, patched >= 1, patched <= services, seconds > 0,
      clients.allSatisfy({ $0 >= 1 })
    else {
      throw ValidationError("It takes a client, a second, and no more patched than services.")
    }
  }

  func run() async throws {
    var table = FigureTable(
      title: "\(services) services, \(seconds) s for each row",
      columns: ["writes_per_s", "ratio", "p50_ms", "p99_ms", "cpu_ms_each"]
    )
    let raw = try rawRate()
    table.add("SQLite alone, one by one", raw.rate, 1, raw.median, raw.percentile99, nil)
    let file = try TemporaryDatabase()
    let process = try ChanceryProcess(server.chancery, database: file.path)
    try process.listen()
    let load = WriteLoad(
      server: process.api,
      document: SampleDocument(services: services, endpoints: 2),
      duration: .seconds(seconds)
    )
    try await load.begin()
    for count in clients.isEmpty ? [1, 8, 64] : clients {
      try await measure("one service, \(count) clients", process, against: raw, &table) {
        try await load.run(clients: count, load.service)
      }
    }
    for count in clients.isEmpty ? [1, 8] : clients {
      try await measure("PATCH of \(patched), \(count) clients", process, against: raw, &table) {
        try await load.run(clients: count) { client, step in
          load.patch(of: patched, client, step)
        }
      }
    }
    process.stop()
    Terminal.write(table.formatted(server.output))
  }

  private func measure(
    _ name: String,
    _ server: ChanceryProcess,
    against raw: WriteFigures,
    _ table: inout FigureTable,
    _ body: () async throws -> WriteFigures
  ) async throws {
    Terminal.report(name)
    let processor = server.processorTime
    let figures = try await body()
    let used = (server.processorTime - processor) / .milliseconds(1)
    table.add(
      name,
      figures.rate,
      figures.rate / raw.rate,
      figures.median,
      figures.percentile99,
      used / Double(figures.count)
    )
  }

  private func rawRate() throws -> WriteFigures {
    Terminal.report("SQLite alone")
    let file = try TemporaryDatabase()
    let commits = try RawCommits(path: file.path)
    let document = SampleDocument(services: services, endpoints: 2)
    var latencies: [Duration] = []
    let start = ContinuousClock.now
    while .now - start < .seconds(seconds) {
      let index = latencies.count
      let spec = document.service(index % services, change: index).text
      let begin = ContinuousClock.now
      try commits.commit(SampleDocument.name(index % services), spec)
      latencies.append(.now - begin)
    }
    let figures = WriteFigures(latencies, within: .now - start)
    try commits.close()
    return figures
  }
}
