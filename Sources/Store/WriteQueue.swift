import Synchronization

/// The writers that wait for their turn: those that come while a transaction runs are taken
/// together for the next one.
final class WriteQueue<Compiled: Sendable>: Sendable {
  struct Member: Sendable {
    var request: WriteRequest<Compiled>
    var continuation: CheckedContinuation<WriteResult<Compiled>, any Error>
  }

  enum Admission: Sendable {
    /// Somebody must come and take the first group.
    case first
    /// Whoever takes the group before comes again.
    case waiting
    case closed
  }

  private struct State {
    var members: [Member] = []
    var isServed = false
    var isClosed = false
  }

  /// Bounds how long the first of a group waits for the last one's gate.
  private static var largestGroup: Int { 256 }

  private let state = Mutex(State())

  /// How many wait to be taken.
  var count: Int { state.withLock { $0.members.count } }

  func join(_ member: Member) -> Admission {
    state.withLock { state in
      if state.isClosed { return .closed }
      state.members.append(member)
      defer { state.isServed = true }
      return state.isServed ? .waiting : .first
    }
  }

  /// The next group; empty if nobody waits, and then the next to join is the first again.
  func takeGroup() -> [Member] {
    state.withLock { state in
      let group = Array(state.members.prefix(Self.largestGroup))
      state.members.removeFirst(group.count)
      if group.isEmpty { state.isServed = false }
      return group
    }
  }

  /// Lets nobody join any more; those who wait are still to be taken.
  func close() { state.withLock { $0.isClosed = true } }
}
