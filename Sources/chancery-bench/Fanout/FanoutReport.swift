/// The figures of a fan-out, and of another beside it.
struct FanoutReport {
  /// What each figure is, and of which unit, with its value.
  let figures: [(name: String, value: Double?)]

  init(_ fanout: Fanout, streams: Int) {
    let changes = Double(max(1, fanout.lasts.count))
    let each = changes * Double(streams)
    let memory = fanout.memory
    let more = memory.before.flatMap { before in memory.loaded.map { $0 - before } }
    figures = [
      ("first load, p50 ms", fanout.load.percentile(50)),
      ("first load, max ms", fanout.load.percentile(100)),
      ("first load, CPU ms a stream", fanout.loadTime.map { $0 / .milliseconds(streams) }),
      ("change, p50 ms", fanout.arrivals.percentile(50)),
      ("change, p90 ms", fanout.arrivals.percentile(90)),
      ("change, p99 ms", fanout.arrivals.percentile(99)),
      ("change, max ms", fanout.arrivals.percentile(100)),
      ("change, last stream, p50 ms", fanout.lasts.sorted().percentile(50)),
      ("write answered, p50 ms", fanout.writes.sorted().percentile(50)),
      ("bytes a change and stream", Double(fanout.byteCount) / each),
      ("CPU ms a change", fanout.changeTime.map { $0 / .milliseconds(1) / changes }),
      ("CPU µs a change and stream", fanout.changeTime.map { $0 / .microseconds(1) / each }),
      ("RSS before, MiB", memory.before.map { $0 / 1024 }),
      ("RSS loaded, MiB", memory.loaded.map { $0 / 1024 }),
      ("RSS at the end, MiB", memory.end.map { $0 / 1024 }),
      ("RSS peak, MiB", memory.peak.map { $0 / 1024 }),
      ("RSS of a stream, loaded, KiB", more.map { $0 / Double(streams) }),
    ]
  }

  /// - Parameter floor: Of a bare server, to which the ratio is.
  func table(_ title: String, column: String, beside floor: FanoutReport? = nil) -> FigureTable {
    let columns = [column] + (floor == nil ? [] : ["floor", "ratio"])
    var table = FigureTable(title: title, columns: columns)
    for (index, figure) in figures.enumerated() {
      let least = floor?.figures[index].value
      let ratio = least.flatMap { least in
        least > 0 ? figure.value.map { $0 / least } : nil
      }
      let values = floor == nil ? [figure.value] : [figure.value, least, ratio]
      table.rows.append(FigureTable.Row(name: figure.name, figures: values))
    }
    return table
  }
}

extension [Duration] {
  /// In milliseconds, of durations that are sorted; nil if there are none.
  func percentile(_ percent: Int) -> Double? {
    guard !isEmpty else { return nil }
    return self[Swift.min(count - 1, count * percent / 100)] / .milliseconds(1)
  }
}
