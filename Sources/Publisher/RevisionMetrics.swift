package import Metrics
package import Store

/// Counts revisions by what they are for.
package struct RevisionMetrics: Sendable {
  private let changes: Counter
  private let rollbacks: Counter
  private let directs: Counter
  private let repairs: Counter

  package init(factory: any MetricsFactory) {
    func counter(_ kind: String) -> Counter {
      Counter(
        label: "chancery_revisions_total",
        dimensions: [("kind", kind)],
        factory: factory
      )
    }
    changes = counter("change")
    rollbacks = counter("rollback")
    directs = counter("direct")
    repairs = counter("repair")
  }

  /// Counts the revisions of a group that was committed.
  package func count(_ heads: [Head<some Sendable>]) {
    for head in heads { counter(of: head.revision.kind).increment() }
  }

  private func counter(of kind: Revision.Kind) -> Counter {
    switch kind {
    case .change: changes
    case .rollback: rollbacks
    case .direct: directs
    case .repair: repairs
    }
  }
}
