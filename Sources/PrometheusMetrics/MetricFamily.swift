/// What is said about all the series of one name.
package struct MetricFamily: Sendable {
  /// What a series of the family is.
  package enum Kind: Sendable {
    /// A sum that only grows.
    case counter
    /// A value that goes up and down.
    case gauge
    /// How many observations were at most each of these bounds, which ascend, and their sum.
    case histogram(bounds: [Double])
  }

  package let name: String
  /// One sentence for whoever looks at the metric; may be empty.
  package let help: String
  package let kind: Kind

  package init(_ name: String, _ kind: Kind, help: String = "") {
    self.name = name
    self.kind = kind
    self.help = help
  }
}

extension MetricFamily.Kind {
  /// Bounds in seconds for what usually takes milliseconds.
  package static var latencies: Self {
    .histogram(
      bounds: [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
      ]
    )
  }

  /// Its name in the text format.
  var type: String {
    switch self {
    case .counter: "counter"
    case .gauge: "gauge"
    case .histogram: "histogram"
    }
  }

  var bounds: [Double] {
    if case .histogram(let bounds) = self { bounds } else { [] }
  }
}
