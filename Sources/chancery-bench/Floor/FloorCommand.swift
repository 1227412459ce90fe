import ArgumentParser
import NIOCore

struct FloorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "floor",
    abstract: "The same as fanout, beside a bare gRPC server that does nothing else.",
    discussion: """
      Records what one stream is sent, and starts a server (of grpc-swift) that sends just these \
      bytes, encoded before: no store, no compiling, no subscriptions. Then it measures both as \
      fanout does, a change here and a change there, so that each figure is also a ratio to what \
      the transport alone costs on the same machine at the same time.
      """
  )

  @OptionGroup var options: FanoutOptions

  func run() async throws {
    FileLimit.raise()
    let loops = options.eventLoops
    let reports = try await options.withTarget { target in
      let floor = try await Floor(like: target, options.plan(target, streams: 1), on: loops)
      defer { floor.stop() }
      // Change 1 was recorded.
      return try await options.measure([target, floor.target], on: loops, after: 1)
    }
    let table = reports[0].table(options.title, beside: reports[1])
    Terminal.write(table.formatted(options.server.output))
    try options.chart.write(options.chart(reports))
    try await loops.shutdownGracefully()
  }
}
