package import Logging
package import Snapshots
package import Store
package import XDSCompiler

/// The store of the control plane: what it commits has been compiled.
package typealias ConfigStore = Store<Compilation>

/// Puts what the store committed on the board.
///
/// It compiles nothing: each head carries what its document compiled to when it was judged.
package struct Publisher: Sendable {
  private let board: SnapshotBoard
  private let logger: Logger

  package init(board: SnapshotBoard, logger: Logger) {
    self.board = board
    self.logger = logger
  }

  /// What a revision before the head compiled to.
  package struct Former: Sendable {
    package var revision: Int
    /// Its `changed` is of the step from the revision after it.
    package var compiled: Compilation

    package init(revision: Int, compiled: Compilation) {
      self.revision = revision
      self.compiled = compiled
    }
  }

  /// Posts what is committed when the control plane starts, after some revisions before it, newest
  /// first: a proxy that reconnects may still have their resources.
  package func publish(_ head: Head<Compilation>, after former: [Former]) {
    guard let compiled = head.compiled else { return }
    var changed: Set<ResourceKey>?
    for former in former.reversed() {
      board.post(former.compiled.fleets.stamped(former.revision), changed: changed)
      changed = former.compiled.changed
    }
    post(compiled, of: head.revision.number, changed: changed)
  }

  /// Posts the last of the heads, with what any of them changed.
  ///
  /// Called right after a COMMIT, by one thread at a time. A head that cannot be served is not
  /// posted: proxies keep what they have.
  package func publish(_ heads: [Head<Compilation>]) {
    let committed = ContinuousClock.now
    guard let head = heads.last, let compiled = head.compiled else { return }
    var changed: Set<ResourceKey>? = []
    for head in heads {
      guard let more = head.compiled?.changed else {
        changed = nil
        break
      }
      changed?.formUnion(more)
    }
    post(compiled, of: head.revision.number, changed: changed, committed: committed)
  }

  private func post(
    _ compiled: Compilation,
    of revision: Int,
    changed: Set<ResourceKey>?,
    committed: ContinuousClock.Instant = .now
  ) {
    board.post(compiled.fleets.stamped(revision), changed: changed, committed: committed)
    logger.info(
      "Published a revision",
      metadata: [
        "revision": "\(revision)",
        "resources": "\(changed.map { "\($0.count)" } ?? "all")",
      ]
    )
  }
}
