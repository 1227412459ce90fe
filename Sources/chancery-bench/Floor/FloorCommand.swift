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
    let table = try await options.withTarget { target in
      let floor = try await Floor(like: target, options.plan(target, streams: 1), on: loops)
      defer { floor.stop() }
      let fanouts = [target, floor.target].map { target in
        Fanout(target, StreamFleet(options.plan(target), on: loops), streams: options.streams)
      }
      var rounds = FanoutRounds(fanouts, options)
      // Change 1 was recorded.
      try await rounds.run(from: 2)
      let reports = rounds.fanouts.map { FanoutReport($0, streams: options.streams) }
      return reports[0].table(options.title, column: target.name, beside: reports[1])
    }
    Terminal.write(table.formatted(options.server.output))
    try await loops.shutdownGracefully()
  }
}
