package import Metrics
import Synchronization

/// Keeps metrics in memory, and tells them in Prometheus' text format.
///
/// Recording takes no lock. Making a handler does: make it once and keep it. Timers and recorders
/// become histograms, timers in seconds; recorders that do not aggregate become gauges. A handler
/// whose name is that of a family of another kind records for nobody.
package final class PrometheusRegistry: MetricsFactory {
  /// One value of a metric that is read when it is asked for.
  package struct Sample: Sendable {
    package var dimensions: [(String, String)]
    package var value: Double

    package init(_ value: Double, _ dimensions: [(String, String)] = []) {
      self.value = value
      self.dimensions = dimensions
    }
  }

  fileprivate struct Family {
    var declaration: MetricFamily
    var series: [Labels: any Series] = [:]
    var read: (@Sendable () -> [Sample])?
  }

  private let families: Mutex<[String: Family]>

  /// Makes a registry that knows what is to be said of these families; others may be added by
  /// recording, and have no help.
  package init(_ declarations: [MetricFamily] = []) {
    families = Mutex(
      Dictionary(declarations.map { ($0.name, Family(declaration: $0)) }) { $1 }
    )
  }

  /// Has a gauge, or what the family is declared to be, read whenever the metrics are told.
  package func read(_ name: String, _ samples: @escaping @Sendable () -> [Sample]) {
    families.withLock { families in
      var family = families[name] ?? Family(declaration: MetricFamily(name, .gauge))
      family.read = samples
      families[name] = family
    }
  }

  /// All metrics that have a value, sorted, in the text format 0.0.4.
  ///
  /// Source: Prometheus, "Exposition formats", section "Text-based format".
  package func exposition() -> String {
    var text = ""
    for family in families.withLock({ Array($0.values) }).sorted(by: { $0.name < $1.name }) {
      let lines = family.lines
      guard !lines.isEmpty else { continue }
      text += family.declaration.head
      for line in lines { text += line }
    }
    return text
  }

  private func series<S: Series>(
    _ label: String,
    _ dimensions: [(String, String)],
    _ kind: MetricFamily.Kind,
    _ make: (MetricFamily) -> S
  ) -> S {
    let name = label.sanitized(allowing: ":")
    let labels = Labels(dimensions)
    return families.withLock { families in
      var family = families[name] ?? Family(declaration: MetricFamily(name, kind))
      if let known = family.series[labels] as? S { return known }
      let series = make(family.declaration)
      guard family.declaration.kind.type == kind.type else { return series }
      family.series[labels] = series
      families[name] = family
      return series
    }
  }

  private func forget(_ handler: AnyObject) {
    families.withLock { families in
      for (name, family) in families {
        families[name]?.series = family.series.filter { $0.value !== handler }
      }
    }
  }
}

// As swift-metrics asks for it.
extension PrometheusRegistry {
  /// A counter of whole numbers.
  package func makeCounter(
    label: String,
    dimensions: [(String, String)]
  ) -> any CounterHandler {
    series(label, dimensions, .counter) { _ in CounterSeries() }
  }

  /// A counter of any numbers.
  package func makeFloatingPointCounter(
    label: String,
    dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    series(label, dimensions, .counter) { _ in CounterSeries() }
  }

  /// A gauge.
  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, dimensions, .gauge) { _ in GaugeSeries() }
  }

  /// A histogram, or a gauge if it does not aggregate.
  package func makeRecorder(
    label: String,
    dimensions: [(String, String)],
    aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else { return series(label, dimensions, .gauge) { _ in GaugeSeries() } }
    return series(label, dimensions, .latencies) { HistogramSeries($0.kind.bounds) }
  }

  /// A histogram in seconds.
  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(label, dimensions, .latencies) { HistogramSeries($0.kind.bounds) }
  }

  /// Tells it no more.
  package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }

  /// Tells it no more.
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
    forget(handler)
  }

  /// Tells it no more.
  package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }

  /// Tells it no more.
  package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }

  /// Tells it no more.
  package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }
}

extension PrometheusRegistry.Family {
  fileprivate var name: String { declaration.name }

  /// One text for each series.
  fileprivate var lines: [String] {
    let sampled = (read?() ?? []).map { (Labels($0.dimensions), lines(of: $0)) }
    let recorded = series.map { ($0, $1.lines(name, $0)) }
    return (sampled + recorded).sorted { $0.0 < $1.0 }.map(\.1)
  }

  private func lines(of sample: PrometheusRegistry.Sample) -> String {
    Labels(sample.dimensions).line(name, sample.value)
  }
}
