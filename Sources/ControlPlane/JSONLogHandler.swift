import Foundation
package import Logging
import Model

/// Writes each log event as one line of JSON to stderr.
///
/// Members: `time` (RFC 3339, UTC), `level`, `message`, and the metadata under their own names.
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
    var members = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues(JSONValue.init)
    members["time"] = .string(Date().formatted(.iso8601.time(includingFractionalSeconds: true)))
    members["level"] = .string(event.level.rawValue)
    members["message"] = .string("\(event.message)")
    FileHandle.standardError.write(Data(JSONValue.object(members).bytes(pretty: false) + [10]))
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
