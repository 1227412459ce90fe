import Foundation
import Synchronization

/// The open streams of the bare server, and what a change sends to all.
final class FloorStreams: Sendable {
  typealias Mailbox = AsyncStream<[FloorMessage]>.Continuation

  private let mailboxes = Mutex<(next: Int, [Int: Mailbox])>((0, [:]))
  private let text: [UInt8]
  private let change: [Data]

  init(_ recorded: RecordedAnswers) {
    text = Array(recorded.text.utf8)
    change = recorded.change
  }

  func add(_ mailbox: Mailbox) -> Int {
    mailboxes.withLock { state in
      state.next += 1
      state.1[state.next] = mailbox
      return state.next
    }
  }

  func remove(_ id: Int) { _ = mailboxes.withLock { $0.1.removeValue(forKey: id) } }

  /// Sends the change to all, with another text in it.
  func send(_ text: String) {
    let messages = change.map { FloorMessage(replacing(with: Array(text.utf8), in: $0)) }
    for mailbox in mailboxes.withLock({ Array($0.1.values) }) { mailbox.yield(messages) }
  }

  private func replacing(with new: [UInt8], in message: Data) -> Data {
    var message = message
    var start = message.startIndex
    while let range = message[start...].firstRange(of: text) {
      message.replaceSubrange(range, with: new)
      start = range.upperBound
    }
    return message
  }
}
