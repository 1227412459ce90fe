import Synchronization

/// The streams that are to be ended when the server stops.
final class OpenStreams: Sendable {
  private struct State {
    var mailboxes: [Int: Mailbox] = [:]
    var last = 0
    var isDrained = false
  }

  private let state = Mutex(State())

  func add(_ mailbox: Mailbox) -> Int {
    let (id, isDrained) = state.withLock { state in
      state.last += 1
      state.mailboxes[state.last] = mailbox
      return (state.last, state.isDrained)
    }
    if isDrained { mailbox.end(.drained) }
    return id
  }

  func remove(_ id: Int) { state.withLock { _ = $0.mailboxes.removeValue(forKey: id) } }

  func drain() {
    let mailboxes = state.withLock { state in
      state.isDrained = true
      return Array(state.mailboxes.values)
    }
    for mailbox in mailboxes { mailbox.end(.drained) }
  }
}
