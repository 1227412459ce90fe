import Metrics
import Synchronization

/// What is recorded under one name and one set of labels.
protocol Series: AnyObject, Sendable {
  /// Its samples in the text format.
  func lines(_ name: String, _ labels: Labels) -> String
}

final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
  private let value = Atomic<Double>(0)

  func increment(by amount: Int64) { increment(by: Double(amount)) }

  /// Takes no amount that would make the counter fall.
  func increment(by amount: Double) {
    if amount > 0, amount.isFinite { value.add(amount) }
  }

  func reset() { value.store(0, ordering: .relaxed) }

  func lines(_ name: String, _ labels: Labels) -> String {
    labels.line(name, value.load(ordering: .relaxed))
  }
}

final class GaugeSeries: Series, MeterHandler, RecorderHandler {
  private let value = Atomic<Double>(0)

  func set(_ value: Int64) { set(Double(value)) }

  func set(_ value: Double) { self.value.store(value, ordering: .relaxed) }

  func increment(by amount: Double) { value.add(amount) }

  func decrement(by amount: Double) { value.add(-amount) }

  func record(_ value: Int64) { set(value) }

  func record(_ value: Double) { set(value) }

  func lines(_ name: String, _ labels: Labels) -> String {
    labels.line(name, value.load(ordering: .relaxed))
  }
}

final class HistogramSeries: Series, TimerHandler, RecorderHandler {
  private final class Bucket: Sendable {
    let count = Atomic<Int>(0)
  }

  private let bounds: [Double]
  /// One for each bound, and one for what is above all.
  private let buckets: [Bucket]
  private let sum = Atomic<Double>(0)

  init(_ bounds: [Double]) {
    self.bounds = bounds
    buckets = (0...bounds.count).map { _ in Bucket() }
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    guard value.isFinite else { return }
    let index = bounds.firstIndex { value <= $0 } ?? bounds.count
    buckets[index].count.add(1, ordering: .relaxed)
    sum.add(value)
  }

  /// Buckets are cumulative, and the last one is the count.
  func lines(_ name: String, _ labels: Labels) -> String {
    var text = ""
    var count = 0
    for (bound, bucket) in zip(bounds + [.infinity], buckets) {
      count += bucket.count.load(ordering: .relaxed)
      text += labels.with("le", bound.sampleText).line(name + "_bucket", Double(count))
    }
    return text + labels.line(name + "_sum", sum.load(ordering: .relaxed))
      + labels.line(name + "_count", Double(count))
  }
}

extension Atomic where Value == Double {
  fileprivate borrowing func add(_ amount: Double) {
    var old = load(ordering: .relaxed)
    while true {
      let (isDone, seen) = weakCompareExchange(
        expected: old,
        desired: old + amount,
        ordering: .relaxed
      )
      if isDone { return }
      old = seen
    }
  }
}
