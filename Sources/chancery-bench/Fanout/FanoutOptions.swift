import AdminClient
import ArgumentParser
import Foundation
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

  func plan(_ target: FanoutTarget, streams: Int? = nil) -> StreamFleet.Plan {
    StreamFleet.Plan(
      host: target.host,
      port: target.port,
      dialect: mode,
      streams: streams ?? self.streams,
      connections: streams ?? connections ?? self.streams,
      fleet: other.fleet
    )
  }

  /// Measures the server that was named, or else one that it starts for that.
  func withTarget<Value: Sendable>(_ body: (FanoutTarget) async throws -> Value) async throws
    -> Value
  {
    if let target = try other.target { return try await target.with(body) }
    let file = try TemporaryDatabase()
    let process = try ChanceryProcess(server.chancery, database: file.path)
    try process.listen()
    defer { process.stop() }
    return try await AdminClient.with(.init(server: process.api)) { client in
      Terminal.report("Makes the document")
      for patch in document.patches {
        _ = try await client.send(AdminCall("PATCH", "/config", patch))
      }
      return try await body(
        FanoutTarget(
          name: "chancery",
          host: "127.0.0.1",
          port: process.xdsPort,
          usage: process.usage,
          trigger: EndpointTrigger(client: client, document: document)
        )
      )
    }
  }
}
