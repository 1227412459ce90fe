import HTTPTypes
import Metrics
import Synchronization

/// What is measured of requests, by operation.
///
/// Each handler is made when it is first needed; there are as many as operations, since what names
/// none of them counts as one.
final class RequestMetrics: Sendable {
  private struct Key: Hashable {
    var method: String
    var path: String
  }

  private struct OfOperation: Sendable {
    var duration: Metrics.Timer
    /// By the first digit of the status.
    var counters: [Int: Counter] = [:]
  }

  private static let methods: Set<HTTPRequest.Method> = [
    .get, .head, .post, .put, .patch, .delete, .options,
  ]

  private let factory: any MetricsFactory
  private let operations = Mutex<[Key: OfOperation]>([:])

  init(factory: any MetricsFactory) { self.factory = factory }

  /// Counts an answer; `path` is the operation's, its parameters in braces, or no path if there is
  /// none.
  func count(
    _ method: HTTPRequest.Method,
    _ path: String?,
    _ status: HTTPResponse.Status,
    within duration: Duration
  ) {
    let method = Self.methods.contains(method) ? method.rawValue : "other"
    // Where there is no operation, the router says so in words.
    let path = path.flatMap { $0.hasPrefix("/") ? $0 : nil }
    let key = Key(method: method, path: path ?? "other")
    let (timer, counter) = handlers(key, status.code / 100)
    timer.record(duration: duration)
    counter.increment()
  }

  private func handlers(_ key: Key, _ statusClass: Int) -> (Metrics.Timer, Counter) {
    operations.withLock { operations in
      var operation = operations[key] ?? OfOperation(duration: timer(key))
      let counter = operation.counters[statusClass] ?? counter(key, statusClass)
      operation.counters[statusClass] = counter
      operations[key] = operation
      return (operation.duration, counter)
    }
  }

  private func timer(_ key: Key) -> Metrics.Timer {
    Metrics.Timer(
      label: "chancery_http_request_seconds",
      dimensions: [("method", key.method), ("path", key.path)],
      factory: factory
    )
  }

  private func counter(_ key: Key, _ statusClass: Int) -> Counter {
    Counter(
      label: "chancery_http_requests_total",
      dimensions: [
        ("method", key.method), ("path", key.path), ("status", "\(statusClass)xx"),
      ],
      factory: factory
    )
  }
}
