/// What memory a server had over many changes, and what these cost.
struct SoakFigures: Sendable {
  /// Resident, in MiB.
  private var memory: [(changes: Int, size: Double)] = []
  private var peak: Double?
  private var changes = ChangeFigures()
  private var databaseSize = 0
  /// Of all changes.
  var duration = Duration.zero

  mutating func note(_ fanout: Fanout, after changes: Int) {
    if let size = fanout.memory { memory.append((changes, size / 1024)) }
  }

  mutating func end(_ fanout: Fanout, databaseSize: Int) {
    changes = fanout.changes
    peak = fanout.memoryPeak.map { $0 / 1024 }
    self.databaseSize = databaseSize
  }

  func table(_ title: String) -> FigureTable {
    var table = FigureTable(title: title, columns: ["figure"])
    table.add("RSS before, MiB", memory.first?.size)
    table.add("RSS after a tenth, MiB", size(after: 0.1))
    table.add("RSS after half, MiB", size(after: 0.5))
    table.add("RSS at the end, MiB", memory.last?.size)
    table.add("RSS peak, MiB", peak)
    table.add("RSS more by 1000 changes, KiB", slope)
    table.add("changes a second", Double(changes.lasts.count) / (duration / .seconds(1)))
    table.add("change, p50 ms", changes.arrivals.percentile(50))
    table.add("change, p99 ms", changes.arrivals.percentile(99))
    table.add("CPU ms a change", changes.processorOfOne)
    table.add("database, MiB", Double(databaseSize) / 1_048_576)
    return table
  }

  func chart(_ title: String) -> LineChart {
    let points = memory.map { (Double($0.changes), $0.size) }
    return LineChart(title, x: "changes", y: "RSS, MiB", [.init(name: "chancery", points: points)])
  }

  private func size(after share: Double) -> Double? {
    memory.isEmpty ? nil : memory[Int(Double(memory.count - 1) * share)].size
  }

  /// Of the line that fits the second half best: what is warm then grows only if it always does.
  private var slope: Double? {
    let half = memory.suffix((memory.count + 1) / 2)
    let count = Double(half.count)
    let x = half.reduce(0) { $0 + Double($1.changes) } / count
    let y = half.reduce(0) { $0 + $1.size } / count
    let both = half.reduce(0) { $0 + (Double($1.changes) - x) * ($1.size - y) }
    let square = half.reduce(0) { $0 + (Double($1.changes) - x) * (Double($1.changes) - x) }
    return square > 0 ? both / square * 1024 * 1000 : nil
  }
}
