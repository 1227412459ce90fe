import Foundation

/// A fan-out to the streams of one server, step by step, and what was measured of it.
struct Fanout {
  let name: String
  var trigger: any ChangeTrigger
  private(set) var load = LoadFigures()
  /// Of the changes since `begin`.
  private(set) var changes = ChangeFigures()
  private let fleet: StreamFleet
  private let usage: ProcessUsage?
  private var processorBefore: Duration?
  private var bytesBefore = 0

  /// What was measured of opening all streams.
  struct LoadFigures {
    /// When each stream had all that it asked for, sorted.
    var times: [Duration] = []
    var processor: Duration?
    /// Resident, in KiB.
    var memoryBefore: Double?
    /// Resident, in KiB.
    var memory: Double?
  }

  init(_ target: FanoutTarget, _ fleet: StreamFleet) {
    name = target.name
    usage = target.usage
    trigger = target.trigger
    self.fleet = fleet
  }

  /// What of the server's memory is resident now, in KiB.
  var memory: Double? { usage?.resident }

  /// The most that ever was, in KiB.
  var memoryPeak: Double? { usage?.residentPeak }

  /// Opens all streams.
  mutating func connect() async throws {
    try await usage?.settle()
    load.memoryBefore = memory
    let before = usage?.processorTime
    load.times = try await fleet.connect().sorted()
    try await usage?.settle()
    load.processor = usage?.processorTime - before
    load.memory = memory
  }

  /// Forgets the changes so far.
  mutating func begin() {
    changes = ChangeFigures()
    processorBefore = usage?.processorTime
    bytesBefore = fleet.events.byteCount
  }

  /// Makes one change, of a number that none had yet.
  mutating func change(_ number: Int) async throws {
    let own = ProcessUsage(pid: getpid())
    let before = own.processorTime
    var written = Duration.zero
    let times = try await fleet.times(of: trigger.change(number)) {
      let start = ContinuousClock.now
      try await trigger.send(number)
      written = .now - start
    }
    let used = own.processorTime - before
    changes.clientProcessor = used.flatMap { used in changes.clientProcessor.map { $0 + used } }
    changes.writes.append(written)
    changes.arrivals += times
    if let last = times.max() { changes.lasts.append(last) }
  }

  /// Waits until the server has seen to what the streams answered, and counts it in.
  mutating func end() async throws {
    try await usage?.settle()
    changes.processor = usage?.processorTime - processorBefore
    changes.bytes = fleet.events.byteCount - bytesBefore
    changes.arrivals.sort()
  }

  func close() { fleet.close() }
}

private func - (later: Duration?, earlier: Duration?) -> Duration? {
  guard let later, let earlier else { return nil }
  return later - earlier
}
