import Logging
import Synchronization

/// What was logged, debugging aside.
final class RecordedLog: Sendable {
  private struct Handler: LogHandler {
    var log: RecordedLog
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { log.recorded.withLock { $0.append(event) } }
  }

  private let recorded = Mutex<[LogEvent]>([])

  var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  var events: [LogEvent] { recorded.withLock { $0 } }
}
