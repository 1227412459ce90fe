import ArgumentParser
import NIOCore
import NIOPosix

struct GrowthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "growth",
    abstract: "Whether a change costs more the more there is that does not change.",
    discussion: """
      Starts a server for each size, and gives one service another endpoint, one route another \
      path, and one service another timeout; a change of each size after the other. The ratios are \
      to the first size: near 1 if a change costs by what it changes.

      Routes are spread over hosts, a few to each, as a proxy is sent a changed host's routes anew.
      """
  )

  @Option(
    name: .customLong("size"),
    help: """
      How many services there are, and as many routes; may be given several times. (default: 100, \
      1000, 10000, 50000)
      """
  )
  var sizes: [Int] = []

  @Option(help: "How many endpoints each service has.")
  var endpoints = 2

  @Option(help: "How many routes share a host.")
  var routesPerHost = 10

  @Option(help: "How many streams each server has.")
  var streams = 10

  @Option(help: "How the streams ask: delta, or sotw for state of the world.")
  var mode = Dialect.delta

  @Option(help: "How many changes of each kind are measured.")
  var changes = 40

  @Option(help: "How many milliseconds pass between changes.")
  var pause = 20

  @OptionGroup var chart: ChartOptions
  @OptionGroup var server: ServerOptions

  func validate() throws {
    guard sizes.allSatisfy({ $0 >= 1 }), endpoints >= 1, endpoints < 250, routesPerHost >= 1,
      streams >= 1, changes >= 1, pause >= 0
    else {
      throw ValidationError("It takes a service, a stream, a change, and 1 to 249 endpoints.")
    }
  }

  func run() async throws {
    FileLimit.raise()
    let documents = (sizes.isEmpty ? [100, 1000, 10_000, 50_000] : sizes).map {
      SampleDocument(services: $0, endpoints: endpoints, routesPerHost: routesPerHost)
    }
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let growth = try await SampleServer.with(documents[...], server.chancery) { servers in
      try await measure(servers, on: loops)
    }
    Terminal.write(growth.table(title).formatted(server.output))
    try chart.write(growth.chart())
    try await loops.shutdownGracefully()
  }

  private var title: String {
    "\(endpoints) endpoints a service, a route a service, \(routesPerHost) routes a host; "
      + "\(streams) streams (\(mode)); \(changes) changes each"
  }

  private func measure(_ servers: [SampleServer], on loops: any EventLoopGroup) async throws
    -> GrowthFigures
  {
    let fanouts = servers.map { server in
      let target = server.target(
        EndpointTrigger(server),
        name: "\(server.document.services) services"
      )
      return Fanout(
        target,
        StreamFleet(
          StreamPlan(target, mode, streams: streams, connections: streams),
          on: loops
        )
      )
    }
    var rounds = FanoutRounds(fanouts, pause: .milliseconds(pause))
    defer { rounds.close() }
    try await rounds.connect()
    var figures = GrowthFigures(sizes: servers.map(\.document.services), streams: streams)
    for kind in ChangeKind.allCases {
      Terminal.report("Changes one \(kind)")
      for (index, server) in servers.enumerated() {
        rounds.fanouts[index].trigger = kind.trigger(server)
      }
      // What is done for the first time costs more.
      try await rounds.run(min(changes, 5))
      try await rounds.run(changes)
      figures.changes[kind] = rounds.fanouts.map(\.changes)
    }
    return figures
  }
}
