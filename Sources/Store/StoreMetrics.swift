package import Metrics

/// What is measured of the database.
package struct StoreMetrics: Sendable {
  private let commits: Metrics.Timer
  private let writes: Recorder

  /// Without a factory nothing is recorded.
  package init(factory: any MetricsFactory = NOOPMetricsHandler.instance) {
    commits = Metrics.Timer(label: "chancery_store_commit_seconds", factory: factory)
    writes = Recorder(label: "chancery_store_group_writes", factory: factory)
  }

  /// Notes a COMMIT that took so long and had revisions of so many writers.
  func committed(within duration: Duration, writers: Int) {
    commits.record(duration: duration)
    if writers > 0 { writes.record(writers) }
  }
}
