import Foundation
import NIOCore

/// A bare server that sends what another one sends.
final class Floor {
  let target: FanoutTarget
  private let process: ServerProcess
  private let folder: TemporaryFolder

  /// Records what one stream of the other server is sent, at first and by change 1, and starts.
  init(
    like other: FanoutTarget,
    _ plan: StreamPlan,
    on loops: any EventLoopGroup
  ) async throws {
    Terminal.report("Records what \(other.name) sends")
    let recorded = try await RecordedAnswers(of: other, plan, on: loops)
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    folder = try TemporaryFolder()
    let path = folder.path("recorded")
    try encoder.encode(recorded).write(to: URL(fileURLWithPath: path))
    process = try ServerProcess(ServerProcess.own, ["floor-server", path], takesInput: true)
    let address = try process.lastWords(of: ["xDS listens on "])[0].split(separator: ":")
    guard let lines = process.lines, let port = address.last.flatMap({ Int($0) }) else {
      throw StoppedEarly()
    }
    target = FanoutTarget(
      name: "floor",
      host: "127.0.0.1",
      port: port,
      usage: process.usage,
      trigger: LineTrigger(lines: lines)
    )
  }

  func stop() { process.stop() }
}

extension RecordedAnswers {
  fileprivate init(
    of target: FanoutTarget,
    _ plan: StreamPlan,
    on loops: any EventLoopGroup
  ) async throws {
    let recording = Recording()
    let fleet = StreamFleet(plan, on: loops, recording: recording)
    _ = try await fleet.connect()
    let first = recording.take()
    _ = try await fleet.times(of: target.trigger.change(1)) { try await target.trigger.send(1) }
    // The change may come in several responses.
    try await Task.sleep(for: .milliseconds(300))
    let change = recording.take()
    fleet.close()
    self.init(first: first, change: change, text: ChangeText.address(1))
  }
}
