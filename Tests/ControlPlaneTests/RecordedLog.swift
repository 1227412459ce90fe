import Logging
import Synchronization
import Testing

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

    func log(event: LogEvent) { log.record(event) }
  }

  private let recorded = Mutex<[LogEvent]>([])
  private let (stream, continuation) = AsyncStream.makeStream(of: LogEvent.self)

  var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  var events: [LogEvent] { recorded.withLock { $0 } }

  private func record(_ event: LogEvent) {
    recorded.withLock { $0.append(event) }
    continuation.yield(event)
  }

  /// Waits for a warning about a peer with that in its reason; once only.
  func has(_ reason: String) async throws {
    for await event in stream where event.level == .warning {
      #expect(event.metadata?["peer"].map { "\($0)".hasPrefix("127.0.0.1:") } == true)
      #expect(event.metadata?["reason"].map { "\($0)" }?.contains(reason) == true)
      return
    }
  }
}
