package import Metrics
import Snapshots
import XDSSession

/// What is measured of streams: made once, so that a message costs no lookup by labels.
package struct StreamMetrics: Sendable {
  /// One for each type of resource, and one for all that are not served.
  private struct ByType<Handler: Sendable>: Sendable {
    private let handlers: [Handler]

    init(_ make: (String) -> Handler) {
      handlers = ResourceType.allCases.map { make($0.label) } + [make("unknown")]
    }

    subscript(type: ResourceType?) -> Handler {
      handlers[type?.rawValue ?? ResourceType.allCases.count]
    }
  }

  private struct OfDialect: Sendable {
    var streams: Meter
    var responses: ByType<Counter>
  }

  private let wholes: OfDialect
  private let deltas: OfDialect
  private let bytes: ByType<Counter>
  private let acks: ByType<Counter>
  private let nacks: ByType<Counter>
  /// By the number of the type.
  private let sent: [Metrics.Timer]
  private let acked: [Metrics.Timer]

  /// Without a factory nothing is recorded.
  package init(factory: any MetricsFactory = NOOPMetricsHandler.instance) {
    func counters(_ name: String, _ more: (String, String)...) -> ByType<Counter> {
      ByType { Counter(label: name, dimensions: more + [("type", $0)], factory: factory) }
    }
    func timers(_ name: String) -> [Metrics.Timer] {
      ResourceType.allCases.map {
        Metrics.Timer(label: name, dimensions: [("type", $0.label)], factory: factory)
      }
    }
    func dialect(_ name: String) -> OfDialect {
      OfDialect(
        streams: Meter(
          label: "chancery_xds_streams",
          dimensions: [("dialect", name)],
          factory: factory
        ),
        responses: counters("chancery_xds_responses_total", ("dialect", name))
      )
    }
    wholes = dialect("sotw")
    deltas = dialect("delta")
    bytes = counters("chancery_xds_response_bytes_total")
    acks = counters("chancery_xds_acks_total")
    nacks = counters("chancery_xds_nacks_total")
    sent = timers("chancery_xds_propagation_sent_seconds")
    acked = timers("chancery_xds_propagation_acked_seconds")
  }

  func opened(_ dialect: Dialect) { self[dialect].streams.increment() }

  func closed(_ dialect: Dialect) { self[dialect].streams.decrement() }

  /// Counts a response that was handed to the transport, of so many bytes.
  func sent(_ response: Response, size: Int, in dialect: Dialect) {
    self[dialect].responses[response.type].increment()
    bytes[response.type].increment(by: size)
    if let type = response.type, let committed = response.committed {
      sent[type.rawValue].record(duration: .now - committed)
    }
  }

  func note(_ output: Output) {
    for outcome in output.outcomes {
      switch outcome {
      case .accepted(let url, _): acks[ResourceType(url: url)].increment()
      case .rejected(let url, _): nacks[ResourceType(url: url)].increment()
      }
    }
    guard !output.arrivals.isEmpty else { return }
    let now = ContinuousClock.now
    for arrival in output.arrivals {
      acked[arrival.type.rawValue].record(duration: now - arrival.committed)
    }
  }

  private subscript(dialect: Dialect) -> OfDialect {
    switch dialect {
    case .stateOfTheWorld: wholes
    case .delta: deltas
    }
  }
}

extension ResourceType {
  /// Its name in metrics.
  fileprivate var label: String {
    switch self {
    case .secret: "secret"
    case .cluster: "cluster"
    case .endpoints: "endpoints"
    case .listener: "listener"
    case .routes: "routes"
    case .virtualHost: "virtual_host"
    }
  }
}
