import GRDB
import HashTreeCollections
import Model

extension Ledger {
  /// Takes up what others wrote past Chancery since the head, and tells which heads there were.
  ///
  /// What cannot be served is kept as a revision with its faults and taken back by the next one;
  /// only if there is nothing servable to go back to, it stays.
  func takeUpDirectWrites(
    after head: Head<Compiled>,
    in database: Database
  ) throws -> [Head<Compiled>] {
    var head = head
    var heads: [Head<Compiled>] = []
    if try database.newestRevision != head.revision.number,
      let newest = try self.head(in: database)
    {
      // Another Chancery serves the same file.
      head = newest
      heads.append(head)
    }
    let rows = try database.rowsChanged(in: head.revision.number + 1)
    if !rows.isEmpty { heads.append(try takeUp(rows, after: head, in: database)) }
    return heads
  }

  private func takeUp(
    _ rows: [RowKey],
    after head: Head<Compiled>,
    in database: Database
  ) throws -> Head<Compiled> {
    let number = head.revision.number + 1
    var next = head
    var change = Change()
    var counts = RevisionSummary.Counts()
    let keys = Set(rows.map(\.object))
    var removedServices: Set<String> = []
    for key in keys {
      let object = try database.object(key, at: number)
      if key.kind == .service, object == nil { removedServices.insert(key.name) }
      counts.count(before: head.stamps[key] != nil, after: object != nil)
      change = change.followed(by: next.take(object, as: key))
    }
    judge(&next, change, after: head.compiled)
    next.revision = revision(number, .direct, by: "sql")
    next.revision.faults = next.refusal?.faults ?? []
    try database.insert(next.revision, counts)
    if next.compiled == nil, head.compiled != nil {
      next = try repair(rows, to: head, counts: counts.reversed, in: database)
    }
    next.removedServices = removedServices
    for key in keys { next.stamps[key] = try stamp(of: key, in: next, database) }
    return next
  }

  private func repair(
    _ rows: [RowKey],
    to head: Head<Compiled>,
    counts: RevisionSummary.Counts,
    in database: Database
  ) throws -> Head<Compiled> {
    let servable = head.revision.number
    try database.write(
      rows.map { RowEdit(key: $0, body: try database.body(of: $0, at: servable)) }
    )
    var next = head
    next.revision = revision(
      servable + 2,
      .repair,
      by: Self.itself,
      "Restores revision \(servable): revision \(servable + 1) cannot be served."
    )
    try database.insert(next.revision, counts)
    return next
  }

  private func stamp(of key: ObjectKey, in head: Head<Compiled>, _ database: Database) throws
    -> Stamp?
  {
    guard head.document[key] != nil || head.unreadable[key] != nil else { return nil }
    return try database.stamp(of: key, at: head.revision.number)
  }
}
