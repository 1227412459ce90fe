import ArgumentParser
import NIOCore
import NIOPosix

struct SoakCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soak",
    abstract: "Whether memory stays the same over very many changes.",
    discussion: """
      Makes one change after another, each when all streams have the one before, and notes what \
      memory of the server is resident.
      """
  )

  @Option(help: "How many changes are made.")
  var changes = 100_000

  @Option(
    name: .customLong("change"),
    help: """
      What is changed: endpoint, route or service; may be given several times. (default: all, in \
      turn)
      """
  )
  var kinds: [ChangeKind] = []

  @Option(help: "How many streams there are.")
  var streams = 20

  @Option(help: "How the streams ask: delta, or sotw for state of the world.")
  var mode = Dialect.delta

  @Option(help: "How many services there are, and as many routes.")
  var services = 1000

  @Option(help: "How many endpoints each service has.")
  var endpoints = 2

  @Option(help: "How many routes share a host.")
  var routesPerHost = 10

  @OptionGroup var chart: ChartOptions
  @OptionGroup var server: ServerOptions

  func validate() throws {
    guard changes >= 1, streams >= 1, services >= 1, endpoints >= 1, endpoints < 250,
      routesPerHost >= 1
    else {
      throw ValidationError("It takes a change, a stream, a service, and 1 to 249 endpoints.")
    }
  }

  func run() async throws {
    FileLimit.raise()
    let document = SampleDocument(
      services: services,
      endpoints: endpoints,
      routesPerHost: routesPerHost
    )
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let figures = try await SampleServer.with(document, server.chancery) { server in
      try await measure(server, on: loops)
    }
    Terminal.write(figures.table(title).formatted(server.output))
    try chart.write(figures.chart(title))
    try await loops.shutdownGracefully()
  }

  private var title: String { "\(changes) changes, \(services) services, \(streams) streams" }

  private func measure(_ server: SampleServer, on loops: any EventLoopGroup) async throws
    -> SoakFigures
  {
    let kinds = kinds.isEmpty ? ChangeKind.allCases : kinds
    let triggers = kinds.map { $0.trigger(server) }
    let target = server.target(triggers[0])
    let plan = StreamPlan(target, mode, streams: streams, connections: streams)
    var fanout = Fanout(target, StreamFleet(plan, on: loops))
    defer { fanout.close() }
    try await fanout.connect()
    var figures = SoakFigures()
    figures.note(fanout, after: 0)
    fanout.begin()
    let start = ContinuousClock.now
    for number in 1...changes {
      fanout.trigger = triggers[number % triggers.count]
      try await fanout.change(number)
      if number.isMultiple(of: max(1, changes / 200)) { figures.note(fanout, after: number) }
      if number.isMultiple(of: max(1, changes / 20)) {
        Terminal.report("\(number) of \(changes) changes")
      }
    }
    figures.duration = .now - start
    try await fanout.end()
    figures.end(fanout, databaseSize: server.databaseSize())
    return figures
  }
}
