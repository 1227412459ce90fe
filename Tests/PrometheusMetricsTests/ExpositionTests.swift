import Metrics
import PrometheusMetrics
import Testing

struct ExpositionTests {
  @Test func `a counter tells its sum`() {
    let registry = PrometheusRegistry([MetricFamily("a_total", .counter, help: "How many.")])
    let counter = Counter(label: "a_total", factory: registry)
    counter.increment()
    counter.increment(by: 41)
    #expect(
      registry.exposition() == """
        # HELP a_total How many.
        # TYPE a_total counter
        a_total 42

        """
    )
  }

  @Test func `a counter never falls`() {
    let registry = PrometheusRegistry()
    let counter = FloatingPointCounter(label: "a_total", factory: registry)
    for amount in [1.5, -1, .nan, .infinity] { counter.increment(by: amount) }
    #expect(registry.exposition() == "# TYPE a_total counter\na_total 1.5\n")
  }

  @Test func `a gauge tells its last value`() {
    let registry = PrometheusRegistry()
    let meter = Meter(label: "a", factory: registry)
    meter.set(7)
    meter.increment()
    meter.decrement(by: 10.5)
    #expect(registry.exposition() == "# TYPE a gauge\na -2.5\n")
  }

  @Test func `a timer is a histogram in seconds with cumulative buckets`() {
    let registry = PrometheusRegistry([
      MetricFamily("a_seconds", .histogram(bounds: [0.1, 1, 2.5]))
    ])
    let timer = Timer(label: "a_seconds", dimensions: [("type", "x")], factory: registry)
    for milliseconds in [100, 101, 1000, 2600] { timer.recordMilliseconds(milliseconds) }
    #expect(
      registry.exposition() == """
        # TYPE a_seconds histogram
        a_seconds_bucket{type="x",le="0.1"} 1
        a_seconds_bucket{type="x",le="1"} 3
        a_seconds_bucket{type="x",le="2.5"} 3
        a_seconds_bucket{type="x",le="+Inf"} 4
        a_seconds_sum{type="x"} 3.801
        a_seconds_count{type="x"} 4

        """
    )
  }

  @Test func `a recorder is a histogram, or a gauge if it does not aggregate`() {
    let registry = PrometheusRegistry([MetricFamily("a", .histogram(bounds: [1]))])
    Recorder(label: "a", factory: registry).record(2)
    Gauge(label: "b", factory: registry).record(2)
    #expect(
      registry.exposition() == """
        # TYPE a histogram
        a_bucket{le="1"} 0
        a_bucket{le="+Inf"} 1
        a_sum 2
        a_count 1
        # TYPE b gauge
        b 2

        """
    )
  }

  @Test func `families are sorted by name, and series by their labels`() {
    let registry = PrometheusRegistry()
    for (name, zone) in [("b", "2"), ("a", "1"), ("b", "1")] {
      Meter(label: name, dimensions: [("zone", zone), ("kind", "k")], factory: registry).set(1)
    }
    #expect(
      registry.exposition() == """
        # TYPE a gauge
        a{kind="k",zone="1"} 1
        # TYPE b gauge
        b{kind="k",zone="1"} 1
        b{kind="k",zone="2"} 1

        """
    )
  }

  @Test func `text that would break a line is escaped`() {
    let registry = PrometheusRegistry([MetricFamily("a", .gauge, help: "Two\nlines \\ \"q\"")])
    Meter(label: "a", dimensions: [("name", "\"x\"\n\\")], factory: registry).set(1)
    #expect(
      registry.exposition() == #"""
        # HELP a Two\nlines \\ "q"
        # TYPE a gauge
        a{name="\"x\"\n\\"} 1

        """#
    )
  }

  @Test func `characters that a name cannot have become underscores`() {
    let registry = PrometheusRegistry()
    Meter(label: "http.server:ä", dimensions: [("net.peer:1", "x")], factory: registry).set(1)
    Meter(label: "1", factory: registry).set(1)
    #expect(
      registry.exposition() == """
        # TYPE _1 gauge
        _1 1
        # TYPE http_server:_ gauge
        http_server:_{net_peer_1="x"} 1

        """
    )
  }

  @Test(arguments: [
    (0.0, "0"), (-1.5, "-1.5"), (1e-5, "1e-05"), (1e300, "1e+300"), (.infinity, "+Inf"),
    (-.infinity, "-Inf"), (.nan, "NaN"), (Double(1 << 53), "9007199254740992"),
  ])
  func `a number is written as it is read`(value: Double, text: String) {
    let registry = PrometheusRegistry()
    Meter(label: "a", factory: registry).set(value)
    #expect(registry.exposition() == "# TYPE a gauge\na \(text)\n")
  }

  @Test func `the same name and labels are the same series, in whatever order they are given`() {
    let registry = PrometheusRegistry()
    Counter(label: "a", dimensions: [("x", "1"), ("y", "2")], factory: registry).increment()
    Counter(label: "a", dimensions: [("y", "2"), ("x", "1")], factory: registry).increment()
    #expect(registry.exposition() == "# TYPE a counter\na{x=\"1\",y=\"2\"} 2\n")
  }

  @Test func `a name has one kind`() {
    let registry = PrometheusRegistry()
    Counter(label: "a", factory: registry).increment()
    Meter(label: "a", dimensions: [("x", "1")], factory: registry).set(5)
    #expect(registry.exposition() == "# TYPE a counter\na 1\n")
  }

  @Test func `a metric that is destroyed is told no more`() {
    let registry = PrometheusRegistry()
    let counter = Counter(label: "a", factory: registry)
    counter.destroy()
    #expect(registry.exposition() == "")
  }

  @Test func `what is declared but has no value is not told`() {
    #expect(PrometheusRegistry([MetricFamily("a", .gauge)]).exposition() == "")
  }

  @Test func `a value can be read when it is asked for`() {
    let registry = PrometheusRegistry([MetricFamily("a_total", .counter)])
    registry.read("a_total") { [.init(2, [("state", "b")]), .init(1, [("state", "a")])] }
    #expect(
      registry.exposition() == """
        # TYPE a_total counter
        a_total{state="a"} 1
        a_total{state="b"} 2

        """
    )
  }

  @Test func `nothing is lost when many tasks record at once`() async {
    let registry = PrometheusRegistry([MetricFamily("b", .histogram(bounds: [1]))])
    let counter = Counter(label: "a", factory: registry)
    let recorder = Recorder(label: "b", factory: registry)
    await withDiscardingTaskGroup { group in
      for _ in 1...8 {
        group.addTask { @concurrent in
          for _ in 1...10_000 {
            counter.increment()
            recorder.record(0.5)
          }
        }
      }
    }
    #expect(
      registry.exposition() == """
        # TYPE a counter
        a 80000
        # TYPE b histogram
        b_bucket{le="1"} 80000
        b_bucket{le="+Inf"} 80000
        b_sum 40000
        b_count 80000

        """
    )
  }
}
