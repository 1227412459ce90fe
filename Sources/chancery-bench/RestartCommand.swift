import AdminClient
import ArgumentParser
import Foundation
import Model
import Store

struct RestartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart",
    abstract: "How long a start takes on a large document with a long history.",
    discussion: """
      Makes a database, starts chancery on it several times, and tells how long it takes from \
      there until readyz says that it is ready, and until one delta stream has all clusters and \
      all their endpoints.
      """
  )

  @Option(help: "How many services there are, and as many routes.")
  var services = 10_000

  @Option(help: "How many endpoints each service has.")
  var endpoints = 10

  @Option(help: "How many revisions there are.")
  var revisions = 100_000

  @Option(help: "A database to start on, or to make there if there is none; it is kept.")
  var database: String?

  @Option(help: "How often it is started.")
  var runs = 5

  @OptionGroup var server: ServerOptions

  func validate() throws {
    guard services >= 1, endpoints >= 1, endpoints < 250, revisions >= 1, runs >= 1 else {
      throw ValidationError("It takes a service, a revision, a run, and 1 to 249 endpoints.")
    }
  }

  func run() async throws {
    let file = try TemporaryDatabase()
    let path = database ?? file.path
    if !FileManager.default.fileExists(atPath: path) {
      let document = SampleDocument(services: services, endpoints: endpoints)
      try await DocumentHistory(document: document, revisions: revisions).write(to: path)
    }
    var starts: [StartFigures] = []
    for run in 1...runs {
      Terminal.report("Start \(run) of \(runs)")
      starts.append(try await StartFigures(server.chancery, database: path))
    }
    var table = FigureTable(
      title: "\(services) services with \(endpoints) endpoints, \(revisions) revisions",
      columns: ["median_ms", "max_ms"]
    )
    table.add("to readyz", starts.map(\.ready))
    table.add("to the first stream's full answer", starts.map(\.answered))
    table.add("processor time until then", starts.map(\.processor))
    Terminal.write(table.formatted(server.output))
  }
}

/// What one start took.
struct StartFigures: Sendable {
  var ready: Duration
  var answered: Duration
  var processor: Duration

  init(_ executable: String?, database: String) async throws {
    let server = try ChanceryProcess(executable, database: database)
    try server.listen()
    let (start, port) = (server.start, server.xdsPort)
    async let answered = FirstAnswer.time(from: port) - start
    ready = try await AdminClient.with(.init(server: server.api)) { client in
      try await client.ready()
      return .now - start
    }
    self.answered = try await answered
    processor = server.processorTime
    server.stop()
  }
}
