import Foundation

/// A fan-out to the streams of one server, step by step, and what was measured of it.
struct Fanout {
  let name: String
  private let fleet: StreamFleet
  private let streams: Int
  private let usage: ProcessUsage?
  private let trigger: any ChangeTrigger

  private(set) var load: [Duration] = []
  private(set) var arrivals: [Duration] = []
  /// Of the stream that a change reached last, a change each.
  private(set) var lasts: [Duration] = []
  private(set) var writes: [Duration] = []
  private(set) var memory = Memory()
  private(set) var loadTime: Duration?
  private var processorBefore: Duration?
  private var bytesBefore = 0
  private(set) var changeTime: Duration?
  private(set) var byteCount = 0

  /// Resident, in KiB.
  struct Memory {
    var before: Double?
    var loaded: Double?
    var end: Double?
    var peak: Double?
  }

  init(_ target: FanoutTarget, _ fleet: StreamFleet, streams: Int) {
    name = target.name
    usage = target.usage
    trigger = target.trigger
    self.fleet = fleet
    self.streams = streams
  }

  /// Opens all streams.
  mutating func connect() async throws {
    try await usage?.settle()
    memory.before = usage?.resident
    let before = usage?.processorTime
    load = try await fleet.connect().sorted()
    try await usage?.settle()
    processorBefore = usage?.processorTime
    loadTime = difference(processorBefore, before)
    memory.loaded = usage?.resident
    bytesBefore = fleet.events.byteCount
  }

  /// Makes one change.
  mutating func change(_ number: Int) async throws {
    let text = ChangeText.address(number)
    var written = Duration.zero
    let times = try await fleet.times(of: AwaitedChange(number, text)) {
      let start = ContinuousClock.now
      try await trigger.send(number, text)
      written = .now - start
    }
    writes.append(written)
    arrivals += times
    if let last = times.max() { lasts.append(last) }
  }

  /// Waits until the server has seen to what the streams answered.
  mutating func finish() async throws {
    try await usage?.settle()
    changeTime = difference(usage?.processorTime, processorBefore)
    memory.end = usage?.resident
    memory.peak = usage?.residentPeak
    byteCount = fleet.events.byteCount - bytesBefore
    arrivals.sort()
    fleet.close()
  }

  private func difference(_ later: Duration?, _ earlier: Duration?) -> Duration? {
    later.flatMap { later in earlier.map { later - $0 } }
  }
}
