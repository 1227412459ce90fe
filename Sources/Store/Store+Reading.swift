import GRDB
package import Model

extension Store {
  /// Revisions with a number less than `before` (nil: from the head), newest first.
  package func revisions(before: Int?, limit: Int) async throws -> [RevisionSummary] {
    try await pool.read { try $0.revisions(before: before ?? .max, limit: limit) }
  }

  /// A revision with all that it changed; nil if there is none of that number.
  ///
  /// Costs the objects that it changed.
  package func revision(_ number: Int) async throws -> RevisionDetail? {
    try await pool.read { database in
      guard let revision = try database.revision(number)?.revision else { return nil }
      let keys = Set(try database.rowsChanged(in: number).map(\.object))
      let entries = try keys.sorted().map {
        try database.entry($0, from: number - 1, to: number)
      }
      return RevisionDetail(revision: revision, entries: entries)
    }
  }

  /// A revision with what its document compiles to, or why this version refuses it; nil if there is
  /// no such revision.
  ///
  /// The present head is answered as it is. Else it costs the whole document, read and compiled.
  package func compiledHead(at number: Int) async throws -> Head<Compiled>? {
    guard var head = try await head(at: number, .all) else { return nil }
    if head.compiled == nil, head.refusal == nil { ledger.judge(&head, Change(), after: nil) }
    return head
  }

  /// By which revisions, up to one, each object was made and last changed; without those that were
  /// not there then.
  package func stamps(
    of keys: Set<ObjectKey>,
    at revision: Int
  ) async throws -> [ObjectKey: Stamp] {
    try await pool.read { database in
      var stamps: [ObjectKey: Stamp] = [:]
      for key in keys {
        guard let stamp = try database.stamp(of: key, at: revision) else { continue }
        // One that was deleted may have been made again later.
        if stamp.created.revision <= revision { stamps[key] = stamp }
      }
      return stamps
    }
  }

  /// The routes that changed after one revision, up to another, as that one has them; without those
  /// that it does not have, or that this version does not understand.
  ///
  /// Costs those changes; of more than `limit` routes, the last changed ones are told.
  package func routes(
    changedAfter since: Int,
    upTo revision: Int,
    limit: Int
  ) async throws -> [ObjectKey: Route] {
    try await pool.read { database in
      var routes: [ObjectKey: Route] = [:]
      for key in try database.routes(changedAfter: since, upTo: revision, limit: limit) {
        let object = try database.object(key, at: revision)
        routes[key] = object?.object(of: key, faults: FaultCollector())?.route
      }
      return routes
    }
  }

  /// The edits that make the head's document that of revision `number`; for a rollback.
  ///
  /// To be called in a write's `edit`, with its head: then it sees what the write sees. Costs the
  /// objects that differ, and two seeks for each name ever used. nil if there is no such revision.
  ///
  /// - Throws: A `Refusal` if this version of Chancery does not understand an object of then.
  package func edits(to number: Int, from head: Head<Compiled>) throws -> [ObjectEdit]? {
    guard number >= 1, number <= head.revision.number else { return nil }
    return try pool.unsafeReentrantWrite { database in
      let faults = FaultCollector()
      let keys = try database.objectsDiffering(between: number, and: head.revision.number)
      let edits: [ObjectEdit] = try keys.sorted().map { key in
        let object = try database.object(key, at: number)
        return (key, object?.object(of: key, faults: faults))
      }
      try faults.check()
      return edits
    }
  }
}
