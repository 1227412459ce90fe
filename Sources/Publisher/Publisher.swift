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

  /// Posts the last of the heads, with what any of them changed.
  ///
  /// Called right after a COMMIT, by one thread at a time. A head that cannot be served is not
  /// posted: proxies keep what they have.
  package func publish(_ heads: [Head<Compilation>]) {
    guard let head = heads.last, let compiled = head.compiled else { return }
    var changed: Set<ResourceKey>? = []
    for head in heads {
      guard let more = head.compiled?.changed else {
        changed = nil
        break
      }
      changed?.formUnion(more)
    }
    board.post(compiled.fleets.stamped(head.revision.number), changed: changed)
    logger.info(
      "Published a revision",
      metadata: [
        "revision": "\(head.revision.number)",
        "resources": "\(changed.map { "\($0.count)" } ?? "all")",
      ]
    )
  }
}
