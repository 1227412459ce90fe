/// The figures of a fan-out, and of another beside it.
struct FanoutReport {
  let name: String
  /// Milliseconds, and how many percent of arrivals came within them.
  let distribution: [(x: Double, y: Double)]
  /// What each figure is, and of which unit, with its value.
  let figures: [(name: String, value: Double?)]

  /// Of a fan-out that has ended but runs still.
  init(_ fanout: Fanout, streams: Int) {
    let (load, changes) = (fanout.load, fanout.changes)
    name = fanout.name
    distribution = (0...100).compactMap { percent in
      changes.arrivals.percentile(percent).map { ($0, Double(percent)) }
    }
    let more = load.memoryBefore.flatMap { before in load.memory.map { $0 - before } }
    figures = [
      ("first load, p50 ms", load.times.percentile(50)),
      ("first load, max ms", load.times.percentile(100)),
      ("first load, CPU ms a stream", load.processor.map { $0 / .milliseconds(streams) }),
      ("change, p50 ms", changes.arrivals.percentile(50)),
      ("change, p90 ms", changes.arrivals.percentile(90)),
      ("change, p99 ms", changes.arrivals.percentile(99)),
      ("change, max ms", changes.arrivals.percentile(100)),
      ("change, last stream, p50 ms", changes.lasts.sorted().percentile(50)),
      ("write answered, p50 ms", changes.writes.sorted().percentile(50)),
      ("bytes a change and stream", changes.bytes(ofEach: streams)),
      ("CPU ms a change", changes.processorOfOne),
      ("CPU µs a change and stream", changes.processorOfOne.map { $0 * 1000 / Double(streams) }),
      (
        "client's CPU µs for the same",
        changes.clientProcessor.map { $0 / .microseconds(changes.arrivals.count) }
      ),
      ("RSS before, MiB", load.memoryBefore.map { $0 / 1024 }),
      ("RSS loaded, MiB", load.memory.map { $0 / 1024 }),
      ("RSS at the end, MiB", fanout.memory.map { $0 / 1024 }),
      ("RSS peak, MiB", fanout.memoryPeak.map { $0 / 1024 }),
      ("RSS of a stream, loaded, KiB", more.map { $0 / Double(streams) }),
    ]
  }

  /// `floor` is of a bare server, to which the ratio is.
  func table(_ title: String, beside floor: FanoutReport? = nil) -> FigureTable {
    let columns = floor.map { [name, $0.name, "ratio"] } ?? ["figure"]
    var table = FigureTable(title: title, columns: columns)
    for (index, figure) in figures.enumerated() {
      let least = floor?.figures[index].value
      let values = floor == nil ? [figure.value] : [figure.value, least, figure.value / least]
      table.rows.append(FigureTable.Row(name: figure.name, figures: values))
    }
    return table
  }
}

extension Double? {
  /// Nil where there is none.
  static func / (part: Double?, whole: Double?) -> Double? {
    guard let part, let whole, whole > 0 else { return nil }
    return part / whole
  }
}

extension [Duration] {
  /// In milliseconds, of durations that are sorted; nil if there are none.
  func percentile(_ percent: Int) -> Double? {
    guard !isEmpty else { return nil }
    return self[Swift.min(count - 1, count * percent / 100)] / .milliseconds(1)
  }
}
