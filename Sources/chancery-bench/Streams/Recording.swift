import Foundation
import Synchronization

/// The responses of one stream, as another server can send them again.
final class Recording: Sendable {
  private let messages = Mutex<[[UInt8]]>([])

  func note(_ message: UnsafeRawBufferPointer) { messages.withLock { $0.append(Array(message)) } }

  /// What came since it was taken last.
  func take() -> [[UInt8]] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}

/// What a bare server answers and sends.
struct RecordedAnswers: Codable, Sendable {
  /// To the first request of each type, by the type's URL.
  var first: [String: [Data]]
  /// The text that is another one in each change, of the same length always.
  var text: String
  /// What a change sends.
  var change: [Data]

  init(first: [[UInt8]], change: [[UInt8]], text: String) {
    self.first = Dictionary(grouping: first, by: \.typeName).mapValues { $0.map { Data($0) } }
    self.change = change.map { Data($0) }
    self.text = text
  }
}

extension [UInt8] {
  /// The type's URL of the response that this is.
  fileprivate var typeName: String {
    withUnsafeBytes { DiscoveryAnswer($0).type?.rawValue ?? "" }
  }
}
