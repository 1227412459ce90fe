import GRDB

/// The SQL that made each table, index, trigger and view of a database, by kind and name.
struct Schema: Hashable, Sendable {
  /// Keyed as in `trigger revision_sealed`.
  private(set) var statements: [String: String] = [:]

  init(of database: Database) throws {
    // Without SQL are the indexes that SQLite makes for keys, and its own tables are its own.
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT type || ' ' || name, sql FROM sqlite_schema
        WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*'
        """
    )
    while let row = try rows.next() { statements[row[0]] = row[1] }
  }

  /// What the first migrations make, up to that number.
  init(migratedTo version: Int) throws {
    let queue = try DatabaseQueue()
    self = try queue.writeWithoutTransaction { database in
      try database.migrate(to: version)
      return try Schema(of: database)
    }
  }

  /// A sentence on the first thing that the other lacks or has otherwise; nil if there is none.
  ///
  /// What it has beside is its owner's.
  func difference(in other: Schema) -> String? {
    for (name, sql) in statements.sorted(by: { $0.key < $1.key })
    where other.statements[name] != sql {
      return other.statements[name] == nil
        ? "Its \(name) is missing." : "Its \(name) is not as Chancery made it."
    }
    return nil
  }
}
