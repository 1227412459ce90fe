import Synchronization

/// Where the publisher posts and each stream reads: the newest snapshots, and what has changed
/// since any recent posting.
///
/// A posting never waits for a reader, and a slow reader costs nothing: it skips to the newest.
/// Readers that ask before the first posting wait for it.
package final class SnapshotBoard: Sendable {
  /// What a stream sees when it looks.
  package struct View: Sendable {
    /// Numbers the postings from 1, without gaps.
    package var posting: Int
    package var snapshot: Snapshot
    /// The resources that may differ from those of the posting asked about; nil means any may.
    package var changed: Set<ResourceKey>?
  }

  fileprivate struct State {
    var snapshots: FleetSnapshots?
    var posting = 0
    /// What each of the last postings changed, oldest first; the last one is of `posting`.
    var log: [Set<ResourceKey>?] = []
    var readers: [Int: AsyncStream<Void>.Continuation] = [:]
    var nextReader = 0
  }

  private let state = Mutex(State())
  private let logLength: Int

  /// - Parameter logLength: How many postings a reader may lag before it must compare everything.
  package init(logLength: Int = 256) { self.logLength = logLength }

  /// Replaces the snapshots and wakes every reader.
  ///
  /// - Parameter changed: The resources that may differ from the former posting in any fleet;
  ///   nil when the fleets themselves changed, or nothing is known.
  package func post(_ snapshots: FleetSnapshots, changed: Set<ResourceKey>?) {
    let readers = state.withLock { state in
      state.snapshots = snapshots
      state.posting += 1
      state.log.append(changed)
      if state.log.count > logLength { state.log.removeFirst(state.log.count - logLength) }
      return Array(state.readers.values)
    }
    for reader in readers { reader.yield() }
  }

  /// The newest snapshots of all fleets, or nil before the first posting.
  package var snapshots: FleetSnapshots? { state.withLock { $0.snapshots } }

  /// What a fleet's proxy should have now, and what has changed since an earlier look.
  ///
  /// - Parameter since: The posting that the reader saw last, or 0.
  /// - Returns: nil before the first posting.
  package func view(of fleet: String, since: Int) -> View? {
    state.withLock { state in
      guard let snapshots = state.snapshots else { return nil }
      return View(
        posting: state.posting, snapshot: snapshots[fleet], changed: state.changes(since: since))
    }
  }

  /// A signal after each posting, starting with one at once if anything was posted already.
  /// Signals that nobody took yet are merged into one.
  package func postings() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let reader = state.withLock { state in
      state.nextReader += 1
      state.readers[state.nextReader] = continuation
      if state.posting > 0 { continuation.yield() }
      return state.nextReader
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.readers.removeValue(forKey: reader) }
    }
    return stream
  }
}

extension SnapshotBoard.State {
  fileprivate func changes(since: Int) -> Set<ResourceKey>? {
    let missed = posting - since
    guard since > 0, missed <= log.count else { return nil }
    var union: Set<ResourceKey> = []
    for changed in log.suffix(missed) {
      guard let changed else { return nil }
      union.formUnion(changed)
    }
    return union
  }
}
