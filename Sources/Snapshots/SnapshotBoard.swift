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
    /// What the fleet's proxies may have from earlier postings.
    package var former: FormerSnapshots
    /// When the oldest of the postings after the one asked about was committed.
    ///
    /// Of those that the board remembers; nil if there are none, or none was asked about.
    package var committed: ContinuousClock.Instant?

    package init(
      posting: Int,
      snapshot: Snapshot,
      changed: Set<ResourceKey>?,
      former: FormerSnapshots = FormerSnapshots(),
      committed: ContinuousClock.Instant? = nil
    ) {
      self.posting = posting
      self.snapshot = snapshot
      self.changed = changed
      self.former = former
      self.committed = committed
    }
  }

  /// Names a reader that is woken by postings.
  package struct Reader: Hashable, Sendable {
    fileprivate let number: Int
  }

  fileprivate struct State {
    var snapshots: FleetSnapshots?
    var posting = 0
    /// What each of the last postings changed, oldest first; the last one is of `posting`.
    var log: [Set<ResourceKey>?] = []
    /// The clusters and listeners of the last postings that changed any, oldest first.
    var former: [FleetSnapshots] = []
    /// Whether earlier ones may still be added to those.
    var isRecalling: Bool
    /// When each posting of the log was committed.
    var moments: [ContinuousClock.Instant] = []
    var readers: [Reader: @Sendable () -> Void] = [:]
    var lastReader = 0

    init(isRecalling: Bool) { self.isRecalling = isRecalling }
  }

  fileprivate let state: Mutex<State>
  private let logLength: Int
  fileprivate let formerLimit: Int

  /// Makes a board on which nothing is posted yet.
  ///
  /// A reader that lags more than `logLength` postings must compare everything. The clusters and
  /// listeners of `formerLimit` postings are kept, which costs their differences. If it `recalls`,
  /// what was before the first posting is still to be found, until `endRecall`.
  package init(logLength: Int = 256, formerLimit: Int = 128, recalls: Bool = false) {
    state = Mutex(State(isRecalling: recalls))
    self.logLength = logLength
    self.formerLimit = formerLimit
  }

  /// Replaces the snapshots and wakes every reader.
  ///
  /// `changed` are the resources that may differ from the former posting in any fleet; nil when
  /// the fleets themselves changed, or nothing is known. `committed` is when the change was durable.
  package func post(
    _ snapshots: FleetSnapshots,
    changed: Set<ResourceKey>?,
    committed: ContinuousClock.Instant = .now
  ) {
    let readers = state.withLock { state in
      state.snapshots = snapshots
      state.posting += 1
      state.log.append(changed)
      state.moments.append(committed)
      if state.log.count > logLength { state.forget(state.log.count - logLength) }
      // One that changes neither clusters nor listeners takes the place of the one before.
      let isNews = changed.mayIncludeWholeTypes
      state.former = isNews ? state.former.suffix(formerLimit - 1) : state.former.dropLast()
      state.former.append(snapshots.recallable)
      return Array(state.readers.values)
    }
    for wake in readers { wake() }
  }

  /// The newest snapshots of all fleets, or nil before the first posting.
  package var snapshots: FleetSnapshots? { state.withLock { $0.snapshots } }

  /// What a fleet's proxy should have now, and what has changed since an earlier look.
  ///
  /// `since` is the posting that the reader saw last, or 0; `hostwise` says whether it gets virtual
  /// hosts as resources of their own. Nil before the first posting.
  package func view(of fleet: String, since: Int, hostwise: Bool = false) -> View? {
    let seen = state.withLock { state -> (View, [Set<ResourceKey>?]?)? in
      guard let snapshots = state.snapshots else { return nil }
      let view = View(
        posting: state.posting,
        snapshot: hostwise ? snapshots[fleet].hostwise : snapshots[fleet],
        changed: nil,
        former: FormerSnapshots(
          of: fleet,
          state.former,
          isComplete: !state.isRecalling
        ),
        committed: state.committed(since: since)
      )
      return (view, state.log(since: since))
    }
    guard let (newest, log) = seen else { return nil }
    var view = newest
    view.changed = log.flatMap(union)
    return view
  }

  /// Calls a closure after each posting, and once at once if anything was posted already.
  ///
  /// The closure is called on the poster's thread: it must only signal.
  package func addReader(_ wake: @escaping @Sendable () -> Void) -> Reader {
    let (reader, posted) = state.withLock { state in
      state.lastReader += 1
      let reader = Reader(number: state.lastReader)
      state.readers[reader] = wake
      return (reader, state.posting > 0)
    }
    if posted { wake() }
    return reader
  }

  /// Stops waking a reader.
  package func removeReader(_ reader: Reader) {
    state.withLock { _ = $0.readers.removeValue(forKey: reader) }
  }

  /// A signal after each posting, starting with one at once if anything was posted already.
  ///
  /// Signals that nobody took yet are merged into one.
  package func postings() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self,
      bufferingPolicy: .bufferingNewest(1)
    )
    let reader = addReader { continuation.yield() }
    continuation.onTermination = { [weak self] _ in self?.removeReader(reader) }
    return stream
  }
}

// What was before the first posting.
extension SnapshotBoard {
  /// Adds what proxies were to have before all that the board knows of.
  ///
  /// `changed` are the resources that may differ from what came next. Wakes nobody.
  ///
  /// - Returns: Whether there is room for more.
  package func recall(_ snapshots: FleetSnapshots, changed: Set<ResourceKey>?) -> Bool {
    state.withLock { state in
      guard state.former.count < formerLimit else { return false }
      if changed.mayIncludeWholeTypes { state.former.insert(snapshots.recallable, at: 0) }
      return state.former.count < formerLimit
    }
  }

  /// Says that nothing more is known of what was before, and wakes every reader.
  package func endRecall() {
    let readers = state.withLock { state in
      state.isRecalling = false
      return Array(state.readers.values)
    }
    for wake in readers { wake() }
  }
}

extension Set<ResourceKey>? {
  /// Whether clusters or listeners may be among what has changed, of which nil means anything.
  fileprivate var mayIncludeWholeTypes: Bool {
    self?.contains(where: \.type.isWholeInStateOfTheWorld) ?? true
  }
}

extension SnapshotBoard.State {
  /// The entries of the postings after that one; nil if they go back too far.
  fileprivate func log(since: Int) -> [Set<ResourceKey>?]? {
    let missed = posting - since
    guard since > 0, missed <= log.count else { return nil }
    return Array(log.suffix(missed))
  }

  /// When the first posting after that one was committed, as far as is known.
  fileprivate func committed(since: Int) -> ContinuousClock.Instant? {
    guard since > 0, since < posting else { return nil }
    return moments.suffix(posting - since).first
  }

  fileprivate mutating func forget(_ count: Int) {
    log.removeFirst(count)
    moments.removeFirst(count)
  }
}

private func union(_ log: [Set<ResourceKey>?]) -> Set<ResourceKey>? {
  // The usual log has one entry, which is then shared by all streams.
  guard var union = log.first ?? [] else { return nil }
  for changed in log.dropFirst() {
    guard let changed else { return nil }
    union.formUnion(changed)
  }
  return union
}
