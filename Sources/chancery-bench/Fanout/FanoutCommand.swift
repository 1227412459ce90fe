import ArgumentParser
import NIOCore

struct FanoutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fanout",
    abstract: "How fast a change reaches many proxies, and what that costs the server.",
    discussion: """
      Opens streams as Envoys do, on a connection each, and waits until each has all that it asks \
      for: clusters, assignments, listeners, route configurations, virtual hosts. Then it makes one \
      change after another, each when all streams have the one before, and tells how long it took \
      from sending it to each stream's receiving it. A change is another endpoint of one service, \
      written over HTTP; with --xds it is any call of any control plane.

      The streams' client shares the machine, and its processor time is part of the times.
      """
  )

  @OptionGroup var options: FanoutOptions

  func run() async throws {
    FileLimit.raise()
    let loops = options.eventLoops
    let report = try await options.withTarget { target in
      let reports = try await options.measure([target], on: loops)
      return reports[0]
    }
    Terminal.write(report.table(options.title).formatted(options.server.output))
    try options.chart.write(options.chart([report]))
    try await loops.shutdownGracefully()
  }
}
