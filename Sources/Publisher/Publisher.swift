import HashTreeCollections
package import Logging
import Model
package import Snapshots
package import Store
import Synchronization
package import XDSCompiler

/// The store of the control plane: what it commits has been compiled.
package typealias ConfigStore = Store<Compilation>

/// A head of that store, with what it compiled to.
package typealias ConfigHead = Head<Compilation>

/// What a write to that store did.
package typealias ConfigWriteResult = WriteResult<Compilation>

/// How the answer to a write to that store is kept.
package typealias ConfigRecording = Recording<Compilation>

/// Puts what the store committed on the board, with the instances that are registered.
///
/// It compiles nothing of a document: each head carries what that compiled to when it was judged.
/// One lock orders revisions and registrations, so that what is posted last has the newest of both.
package final class Publisher: Sendable {
  fileprivate struct State {
    var registrations = RegistrationTable()
    var served = ServedSnapshots()
  }

  private let state = Mutex(State())
  private let board: SnapshotBoard
  private let logger: Logger

  package init(board: SnapshotBoard, logger: Logger) {
    self.board = board
    self.logger = logger
  }

  /// Posts the last of the heads, with what any of them changed.
  ///
  /// Called right after a COMMIT, by one thread at a time. A head that cannot be served is not
  /// posted: proxies keep what they have. The registrations of services that are gone are dropped.
  package func publish(_ heads: [Head<Compilation>]) {
    let changed = heads.changed
    let committed = ContinuousClock.now
    guard let head = heads.last else { return }
    let isPosted = state.withLock { state in
      for head in heads { state.registrations.drop(removedBy: head) }
      guard let compiled = head.compiled else { return false }
      let touched = state.takeTouched().flatMap(ServedSnapshots.keys)
      let revision = head.revision.number
      let all = changed.map { $0.union(touched) }
      state.served.follow(compiled, revision: revision, changed: all, state.registrations)
      state.post(all, on: board, committed: committed)
      return true
    }
    guard isPosted else { return }
    logger.info(
      "Published a revision",
      metadata: [
        "revision": "\(head.revision.number)",
        "resources": "\(changed.map { "\($0.count)" } ?? "all")",
      ]
    )
  }

  /// Puts a revision before all that are known on the board, among what proxies may still have.
  ///
  /// Its `changed` is of the step from the revision after it.
  ///
  /// - Returns: Whether there is room for more.
  package func recall(_ compiled: Compilation, of revision: Int) -> Bool {
    board.recall(compiled.fleets.stamped(revision), changed: compiled.changed)
  }

  /// Lets proxies go on that wait for their revision to be recalled.
  package func endRecall() { board.endRecall() }

  /// What an edit of the registrations would change for any proxy.
  ///
  /// Costs the number of the service's instances.
  func changes(by edit: RegistrationEdit) -> ResourceChanges {
    let service = edit.key.service
    var (registrations, served) = state.withLock { state in
      (state.registrations.only(service), state.served)
    }
    _ = registrations.take(edit, at: .zero)
    return ResourceChanges(changed: served.refresh([service], registrations))
  }

  /// Reads or changes the registrations, and posts what that changed for any proxy, as of the same
  /// revision.
  func registrations<Value: Sendable>(_ body: (inout RegistrationTable) -> Value) -> Value {
    state.withLock { state in
      let value = body(&state.registrations)
      let touched = state.registrations.takeTouched()
      if touched.isEmpty { return value }
      let changed = state.served.refresh(touched, state.registrations)
      if !changed.isEmpty { state.post(changed, on: board) }
      return value
    }
  }
}

extension Publisher.State {
  fileprivate func post(
    _ changed: Set<ResourceKey>?,
    on board: SnapshotBoard,
    committed: ContinuousClock.Instant = .now
  ) {
    if let fleets = served.fleets { board.post(fleets, changed: changed, committed: committed) }
  }

  /// The services whose instances changed since the last posting; before the first, all that have
  /// any.
  fileprivate mutating func takeTouched() -> Set<String> {
    let touched = registrations.takeTouched()
    return served.fleets == nil ? Set(registrations.services.keys) : touched
  }
}

extension RegistrationTable {
  fileprivate mutating func drop(removedBy head: Head<Compilation>) {
    if isEmpty { return }
    let removed =
      head.removedServices ?? Set(services.keys.filter { head.document.services[$0] == nil })
    for service in removed { remove(service: service) }
  }
}

extension [Head<Compilation>] {
  /// What may differ from before the first of them; nil means anything may.
  fileprivate var changed: Set<ResourceKey>? {
    var changed: Set<ResourceKey> = []
    for head in self {
      guard let more = head.compiled?.changed else { return nil }
      changed.formUnion(more)
    }
    return changed
  }
}
