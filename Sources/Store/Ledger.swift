import Foundation
import GRDB
import HashTreeCollections
import Model

/// What a transaction does to the head: it takes one and returns the next.
///
/// It keeps no state, so a transaction that fails leaves nothing behind but values to drop.
struct Ledger<Compiled: Sendable>: Sendable {
  let gate: Store<Compiled>.Gate
  let now: @Sendable () -> Date

  /// The newest revision as the database has it, compiled from nothing; nil if there is none.
  func head(in database: Database) throws -> Head<Compiled>? {
    guard let number = try database.newestRevision,
      let revision = try database.revision(number)?.revision
    else { return nil }
    var head = Head<Compiled>(revision: revision, document: Document())
    for (key, object) in try database.objects(at: number) {
      _ = head.take(object, as: key)
      head.stamps[key] = try database.stamp(of: key, at: number)
    }
    judge(&head, Change(), after: nil)
    return head
  }

  /// The head to begin with: that of the database with what others wrote to it meanwhile, or of
  /// the seed if it is new.
  func open(seed: [ObjectEdit], in database: Database) throws -> Head<Compiled> {
    var opened: Head<Compiled>?
    try database.inTransaction(.immediate) {
      if try database.newestRevision == nil { try found(seed, in: database) }
      opened = try head(in: database)
      if let head = opened {
        opened = try takeUpDirectWrites(after: head, in: database).last ?? head
      }
      return .commit
    }
    guard let opened else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
    return opened
  }

  /// Writes the first revision of a new database.
  private func found(_ seed: [ObjectEdit], in database: Database) throws {
    var head = Head<Compiled>(
      revision: revision(1, .change, by: Self.itself, "New database."),
      document: Document()
    )
    let change = head.document.apply(seed)
    _ = try gate(change, head.document, nil)
    try store(change.rows, of: &head, in: database)
  }

  /// Writes what a request asks for on the head; the head stays the same if nothing changes.
  func write(
    _ request: WriteRequest<Compiled>,
    on head: Head<Compiled>,
    in database: Database
  ) throws -> WriteResult<Compiled> {
    var next = head
    let edits = try request.edit(head)
    let change = next.document.apply(edits)
    var rows = change.rows
    for edit in edits where next.unreadable.removeValue(forKey: edit.key) != nil {
      rows += try leftovers(of: edit, at: head.revision.number, in: database)
    }
    guard !rows.isEmpty else { return WriteResult(base: head, head: head, change: change) }
    next.compiled = try admit(change, next, after: head.compiled)
    next.refusal = nil
    next.removedServices = Set(change.services.filter { $0.after == nil }.map(\.name))
    next.revision = revision(
      head.revision.number + 1,
      request.kind,
      by: request.author,
      request.message
    )
    try store(rows, of: &next, in: database)
    return WriteResult(base: head, head: next, change: change)
  }

  /// The rows of an object that was not understood which are not overwritten by the edit.
  private func leftovers(of edit: ObjectEdit, at revision: Int, in database: Database) throws
    -> [RowEdit]
  {
    guard let object = edit.value else { return [RowEdit(key: RowKey(edit.key), body: nil)] }
    let kept = Set(object.service?.endpoints.map(\.id) ?? [])
    return try (database.object(edit.key, at: revision)?.endpoints.keys ?? [:].keys)
      .filter { !kept.contains($0) }
      .map { RowEdit(key: .endpoint($0, of: edit.key.name), body: nil) }
  }

  private func store(
    _ rows: [RowEdit],
    of head: inout Head<Compiled>,
    in database: Database
  ) throws {
    try database.write(rows)
    var counts = RevisionSummary.Counts()
    let moment = head.revision.moment
    for key in Set(rows.map(\.key.object)) {
      let created = head.stamps[key]?.created
      let exists = head.document[key] != nil
      counts.count(before: created != nil, after: exists)
      head.stamps[key] = exists ? Stamp(created: created ?? moment, updated: moment) : nil
    }
    try database.insert(head.revision, counts)
  }

  // MARK: Judging

  /// What the head's document compiles to, when the one before the change compiled to `former`.
  func admit(
    _ change: Change,
    _ head: Head<Compiled>,
    after former: Compiled?
  ) throws(Refusal) -> Compiled {
    if !head.unreadable.isEmpty { throw Refusal(.invalid, head.unreadable.values.flatMap { $0 }) }
    guard let former else { return try gate(head.document.asChange, head.document, nil) }
    return change.isEmpty ? former : try gate(change, head.document, former)
  }

  /// Admits the head, or keeps with it why it is not servable.
  func judge(_ head: inout Head<Compiled>, _ change: Change, after former: Compiled?) {
    do {
      head.compiled = try admit(change, head, after: former)
      head.refusal = nil
    } catch {
      head.compiled = nil
      head.refusal = error
    }
  }

  func revision(
    _ number: Int,
    _ kind: Revision.Kind,
    by author: String,
    _ message: String? = nil
  ) -> Revision {
    let at = now().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    return Revision(number: number, kind: kind, author: author, message: message, at: at)
  }
}

extension Ledger {
  /// The author of what Chancery writes by itself.
  static var itself: String { "chancery" }
}
