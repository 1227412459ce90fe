import Foundation
package import Logging
import Model

/// Writes each log event as one line of JSON to stderr.
///
/// Members: `time` (RFC 3339, UTC, with milliseconds), `level`, `source`, `message`, and the
/// metadata under their own names, as texts.
package struct JSONLogHandler: LogHandler {
  package var logLevel = Logger.Level.info
  package var metadata: Logger.Metadata = [:]

  package init() {}

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes one line.
  package func log(event: LogEvent) {
    FileHandle.standardError.write(Data(line(event, at: Date()).utf8))
  }

  func line(_ event: LogEvent, at time: Date) -> String {
    var members = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues(JSONValue.init)
    let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    members["time"] = .string(time.formatted(format))
    members["level"] = .string(event.level.rawValue)
    members["source"] = .string(event.source)
    members["message"] = .string("\(event.message)")
    if let error = event.error { members["error"] = .string("\(error)") }
    return JSONValue.object(members).text + "\n"
  }
}

extension JSONValue {
  fileprivate init(_ value: Logger.MetadataValue) {
    switch value {
    case .string(let text): self = .string(text)
    case .stringConvertible(let value): self = .string("\(value)")
    case .array(let values): self = .array(values.map(JSONValue.init))
    case .dictionary(let values): self = .object(values.mapValues(JSONValue.init))
    }
  }
}
