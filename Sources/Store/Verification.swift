import GRDB
import Model

/// What a database's own word for itself comes to, when all of it is checked.
package struct Verification: Hashable, Sendable {
  /// The newest revision, or 0.
  package var revisions = 0
  /// How many objects there are now.
  package var objects = 0
  /// Sentences on what is wrong; empty if nothing is.
  package var problems: [String] = []
}

extension Verification {
  /// Checks a file that no Chancery needs to run on: SQLite's own structures and references, and
  /// that the history, revision by revision, leads to the objects as they are.
  ///
  /// The file is only read. Costs the whole file, and memory for one state.
  ///
  /// - Throws: `UnusableDatabase` if it is no database of this version of Chancery or an older one.
  package init(ofDatabaseAt path: String) throws {
    let file = DatabaseFile(path: path)
    let queue = try file.openToRead()
    do {
      try queue.read { database in
        problems += try database.damage
        if !problems.isEmpty { return }
        try file.checkSchema(of: database)
        try checkReferences(in: database)
        try replay(in: database)
      }
    } catch let error as DatabaseError {
      problems.append("SQLite: \(error.message ?? "\(error.resultCode)").")
    }
    try queue.close()
  }

  private mutating func checkReferences(in database: Database) throws {
    for row in try Row.fetchAll(database, sql: "PRAGMA foreign_key_check") {
      let table: String = row["table"]
      problems.append("A row of the table \(table) refers to one that is not there.")
    }
  }

  private mutating func replay(in database: Database) throws {
    var state = ReplayedState()
    let summaries = try database.revisions(before: .max, limit: .max).reversed()
    for (index, summary) in summaries.enumerated() {
      let number = summary.revision.number
      revisions = number
      guard number == index + 1 else {
        problems.append("Revision \(index + 1) is missing.")
        return
      }
      let counts = try state.apply(number, of: database)
      if counts != summary.counts {
        problems.append("Revision \(number) did not change as many objects as it says.")
      }
    }
    // What a shell wrote and Chancery has not taken up yet.
    _ = try state.apply(revisions + 1, of: database)
    problems += state.problems
    objects = state.objects
    try compare(state, with: database)
  }

  private mutating func compare(_ state: ReplayedState, with database: Database) throws {
    let present = try database.presentRows()
    for key in Set(present.keys).union(state.rows.keys).sorted(by: { $0.name < $1.name })
    where present[key] != state.rows[key] {
      problems.append("The \(key.kind.rawValue) \"\(key.name)\" is not as its history has it.")
    }
    let stray = try Int.fetchOne(
      database,
      sql: "SELECT count(*) FROM history WHERE valid_from > ? OR valid_from < 1",
      arguments: [revisions + 1]
    )
    if let stray, stray > 0 {
      problems.append("The history has \(stray) rows of revisions that there are not.")
    }
  }
}

/// The rows as a revision left them.
private struct ReplayedState {
  private(set) var rows: [RowKey: String] = [:]
  private(set) var problems: [String] = []

  var objects: Int { rows.keys.filter { $0.kind != .endpoint }.count }

  /// Makes the changes of the next revision.
  ///
  /// - Returns: How many objects they added, changed and removed.
  mutating func apply(_ number: Int, of database: Database) throws -> RevisionSummary.Counts {
    let changed = try database.rowsChanged(in: number)
    let objects = Set(changed.map(\.object))
    let before = objects.filter(exists)
    for key in changed {
      let body = try database.body(of: key, at: number)
      if rows[key] == body {
        problems.append(
          "Revision \(number) has a change of the \(key.kind.rawValue) \"\(key.name)\" that is none."
        )
      }
      rows[key] = body
    }
    return objects.reduce(into: RevisionSummary.Counts()) { counts, key in
      counts.count(before: before.contains(key), after: exists(key))
    }
  }

  private func exists(_ key: ObjectKey) -> Bool { rows[RowKey(key)] != nil }
}

extension Database {
  /// Sentences on what is wrong with SQLite's structures.
  fileprivate var damage: [String] {
    get throws {
      try String.fetchAll(self, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
        .map { "SQLite: \($0)." }
    }
  }

  /// Every row of the four tables of objects.
  fileprivate func presentRows() throws -> [RowKey: String] {
    let rows = try Row.fetchCursor(
      self,
      sql: """
        SELECT 'gateway' AS kind, name, spec FROM gateway
        UNION ALL SELECT 'service', name, spec FROM service
        UNION ALL SELECT 'endpoint', service || '/' || id, spec FROM endpoint
        UNION ALL SELECT 'route', name, spec FROM route
        """
    )
    var present: [RowKey: String] = [:]
    while let row = try rows.next() {
      if let key = RowKey(row: row) { present[key] = row["spec"] }
    }
    return present
  }
}
