package import Foundation
import GRDB
package import Logging
package import Model
import ServiceLifecycle
import Synchronization

/// The document and all its revisions, in one SQLite file.
///
/// Writes are durable before they are answered: SQLite commits them with `synchronous=FULL`.
/// Writers that wait are committed together, each with a revision of its own.
package final class Store<Compiled: Sendable>: ServiceLifecycle.Service {
  /// Judges a change, inside the transaction that would make it.
  ///
  /// - Parameters: the change; the document with it; what the document without it compiled to,
  ///   or nil if the change is from nothing.
  package typealias Gate =
    @Sendable (Change, Document, Compiled?) throws(Refusal) -> Compiled

  /// Told of every group of revisions right after its COMMIT and before any writer is answered.
  ///
  /// Oldest first, one group after the other; the last head is what is to be served. The next
  /// group waits until this returns. Revisions that could not be served are not among them, nor is
  /// what was there or done when the store was opened: that is its `head`.
  package typealias Committed = @Sendable ([Head<Compiled>]) -> Void

  let pool: DatabasePool
  let logger: Logger
  let watch: DatabaseWatch
  let ledger: Ledger<Compiled>
  private let committed: Committed
  private let current: Mutex<Head<Compiled>>
  let index: Mutex<TokenIndex>
  let queue = WriteQueue<Compiled>()
  private let metrics: StoreMetrics

  /// Opens the database, or makes it with the seed as revision 1.
  ///
  /// It takes up what was written by SQL meanwhile, and blocks while SQLite checks the file: a
  /// second or so for each gigabyte.
  ///
  /// The log is told of every statement that is run.
  ///
  /// - Throws: `UnusableDatabase`; the gate's `Refusal` of the seed.
  package init(
    path: String,
    seed: [ObjectEdit],
    logger: Logger,
    metrics: StoreMetrics = StoreMetrics(),
    log: StatementLog? = nil,
    now: @escaping @Sendable () -> Date = { Date() },
    gate: @escaping Gate,
    committed: @escaping Committed
  ) throws {
    let ledger = Ledger<Compiled>(gate: gate, now: now)
    pool = try DatabaseFile(path: path).open(log)
    let (head, watch, tokens) = try pool.writeWithoutTransaction { database in
      let head = try ledger.open(seed: seed, in: database)
      let watch = try DatabaseWatch(database, path: path, logger: logger)
      return (head, watch, try database.tokens())
    }
    self.watch = watch
    self.ledger = ledger
    self.logger = logger
    self.metrics = metrics
    self.committed = committed
    current = Mutex(head)
    index = Mutex(tokens)
    head.logRefusal(to: logger)
  }

  /// The newest committed revision.
  package var head: Head<Compiled> { current.withLock { $0 } }

  /// Why nothing can be written until somebody does something about it, in sentences; nil if all is
  /// well, as it was when the store last looked: at each write and 4 times a second.
  package var trouble: String? { watch.trouble }

  /// Closes the database after the writes in progress; later ones are `StoreUnavailable`.
  package func close() throws {
    queue.close()
    pool.writeWithoutTransaction { database in
      while commitGroup(in: database) {}
    }
    emptyLog()
    try pool.close()
  }
}

extension Store {
  /// Puts all of the log into the database's file.
  ///
  /// The pool closes its readers last, and they would leave the log as it is behind.
  private func emptyLog() {
    do {
      try pool.barrierWriteWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    } catch {
      // Nothing is lost: whoever opens the file next reads the log too.
      logger.notice(
        "The database's log stays beside it: another process is using it",
        metadata: ["error": "\(error)"]
      )
    }
  }
}

// MARK: Writing

extension Store {
  /// Writes one revision, durable when this returns; or none, if the edits change nothing.
  ///
  /// Cancelling the caller does not take back the write.
  ///
  /// - Throws: What the edit throws; the gate's `Refusal`; `StoreUnavailable`.
  package func write(_ request: WriteRequest<Compiled>) async throws -> WriteResult<Compiled> {
    try await withCheckedThrowingContinuation { continuation in
      switch queue.join(.init(request: request, continuation: continuation)) {
      case .first: scheduleGroup()
      case .waiting: break
      case .closed: continuation.resume(throwing: StoreUnavailable(reason: "It is stopping."))
      }
    }
  }

  private func scheduleGroup() {
    pool.asyncWriteWithoutTransaction { database in
      // One group at a time, so that others who want the connection get their turn.
      if self.commitGroup(in: database) { self.scheduleGroup() }
    }
  }

  /// Whether there was anybody waiting.
  private func commitGroup(in database: Database) -> Bool {
    let group = queue.takeGroup()
    if group.isEmpty { return false }
    commit(group, in: database)
    return true
  }

  private func commit(_ group: [WriteQueue<Compiled>.Member], in database: Database) {
    do {
      let outcomes = try transact(group.map(\.request), in: database)
      for (member, outcome) in zip(group, outcomes) { member.continuation.resume(with: outcome) }
    } catch let error where group.count > 1 && (error as? DatabaseError)?.resultCode != .SQLITE_BUSY
    {
      // One of them may be too large for a disk that has room for the others.
      for member in group { commit([member], in: database) }
    } catch {
      for member in group { member.continuation.resume(throwing: StoreUnavailable(error)) }
    }
  }

  /// Takes up what others wrote, then writes what the requests ask for, in one transaction.
  ///
  /// - Throws: Why nothing of it was committed.
  @discardableResult
  func transact(_ requests: [WriteRequest<Compiled>], in database: Database) throws
    -> [Result<WriteResult<Compiled>, any Error>]
  {
    var heads: [Head<Compiled>] = []
    var outcomes: [Result<WriteResult<Compiled>, any Error>] = []
    var commit = ContinuousClock.now
    try database.inTransaction(.immediate) {
      try watch.check(database)
      heads = try ledger.takeUpDirectWrites(after: head, in: database)
      for request in requests {
        let base = heads.last ?? head
        let outcome = try attempt(request, on: base, in: database)
        outcomes.append(outcome)
        if case .success(let result) = outcome, !request.isDryRun,
          result.head.revision.number != base.revision.number
        {
          heads.append(result.head)
        }
      }
      try watch.checkFiles()
      commit = .now
      return .commit
    }
    if !heads.isEmpty { metrics.committed(within: .now - commit, writers: requests.count) }
    // The COMMIT takes long enough for somebody to remove the file meanwhile.
    try watch.checkFiles()
    if let newest = heads.last {
      current.withLock { $0 = newest }
      newest.logRefusal(to: logger)
      committed(heads)
    }
    return outcomes
  }
}
