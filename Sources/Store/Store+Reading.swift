import GRDB
import Model

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
