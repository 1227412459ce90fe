import ArgumentParser
import NIOCore
import NIOPosix

/// How many streams there are, and of which server.
struct FanoutOptions: ParsableArguments {
  @Option(help: "How many streams there are, a proxy each.")
  var streams = 1000

  @Option(help: "How many connections the streams share. (default: one each)")
  var connections: Int?

  @Option(help: "How they ask: delta, or sotw for state of the world.")
  var mode = Dialect.delta

  @Option(help: "How many changes are measured.")
  var changes = 60

  @Option(help: "How many milliseconds pass between a change's last arrival and the next change.")
  var pause = 50

  @Option(help: "How many threads the streams' client has. (default: half of the processors)")
  var threads: Int?

  @Option(help: "How many services the document has.")
  var services = 1000

  @Option(help: "How many endpoints each service has.")
  var endpoints = 4

  @Option(help: "How many routes it has. (default: as many as services)")
  var routes: Int?

  @OptionGroup var other: OtherServerOptions
  @OptionGroup var tls: TLSOptions
  @OptionGroup var chart: ChartOptions
  @OptionGroup var server: ServerOptions

  func validate() throws {
    guard streams >= 1, changes >= 1, pause >= 0, services >= 1, endpoints >= 1, endpoints < 250,
      routes.map({ $0 >= 1 }) ?? true, threads.map({ $0 >= 1 }) ?? true,
      (1...streams).contains(connections ?? 1)
    else {
      throw ValidationError(
        "It takes a stream, a change, a service, a route, and 1 to 249 endpoints; no more "
          + "connections than streams."
      )
    }
  }

  /// How many of the arrivals came within which time.
  func chart(_ reports: [FanoutReport]) -> LineChart {
    LineChart(
      "\(streams) streams (\(mode)), \(changes) changes",
      x: "ms from sending a change",
      y: "% of the streams have it",
      reports.map { LineChart.Line(name: $0.name, points: $0.distribution) }
    )
  }

  var document: SampleDocument {
    SampleDocument(services: services, endpoints: endpoints, routes: routes)
  }

  var title: String {
    let contents =
      other.xds ?? "\(services) services with \(endpoints) endpoints, \(document.routes) routes"
    return "\(contents); \(streams) streams (\(mode)) on \(connections ?? streams) connections; "
      + "\(changes) changes"
  }

  /// The event loops of the client.
  var eventLoops: MultiThreadedEventLoopGroup {
    MultiThreadedEventLoopGroup(numberOfThreads: threads ?? max(1, System.coreCount / 2))
  }

  func plan(_ target: FanoutTarget, streams: Int? = nil) -> StreamPlan {
    StreamPlan(
      target,
      mode,
      streams: streams ?? self.streams,
      connections: streams ?? connections ?? self.streams,
      fleet: other.fleet
    )
  }

  /// Measures the server that was named, or else one that it starts for that.
  func withTarget<Value: Sendable>(_ body: (FanoutTarget) async throws -> Value) async throws
    -> Value
  {
    let tls = try self.tls.context()
    func secured(_ target: FanoutTarget) -> FanoutTarget {
      var target = target
      target.tls = tls
      return target
    }
    if let other = try other.target { return try await other.with { try await body(secured($0)) } }
    return try await SampleServer.with(document, server.chancery, self.tls.flags) { server in
      try await body(secured(server.target(EndpointTrigger(server))))
    }
  }

  /// Measures servers side by side.
  func measure(
    _ targets: [FanoutTarget],
    on loops: any EventLoopGroup,
    after number: Int = 0
  ) async throws -> [FanoutReport] {
    let fanouts = targets.map { Fanout($0, StreamFleet(plan($0), on: loops)) }
    var rounds = FanoutRounds(fanouts, pause: .milliseconds(pause), after: number)
    defer { rounds.close() }
    try await rounds.connect()
    try await rounds.run(changes)
    return rounds.fanouts.map { FanoutReport($0, streams: streams) }
  }
}
