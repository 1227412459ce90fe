import GRDB

/// Commits of the rows of one revision by SQLite alone: the same durability, without triggers,
/// checks or anything else of Chancery's.
final class RawCommits {
  private let queue: DatabaseQueue
  private var number = 0

  init(path: String) throws {
    queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { database in
      try database.execute(
        sql: """
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = FULL;
          CREATE TABLE service (name TEXT NOT NULL PRIMARY KEY, spec TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE revision (number INTEGER NOT NULL PRIMARY KEY, kind TEXT, author TEXT,
            at TEXT, added INTEGER, changed INTEGER, removed INTEGER);
          CREATE TABLE history (kind TEXT, name TEXT, valid_from INTEGER, body TEXT,
            PRIMARY KEY (kind, name, valid_from)) WITHOUT ROWID;
          CREATE INDEX history_by_revision ON history (valid_from);
          """
      )
    }
  }

  /// Commits a new state of one service, in a transaction of its own.
  func commit(_ name: String, _ spec: String) throws {
    number += 1
    try queue.writeWithoutTransaction { database in
      try database.inTransaction(.immediate) {
        try database.cachedStatement(
          sql: """
            INSERT INTO service VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET spec = excluded.spec
            """
        ).execute(arguments: [name, spec])
        try database.cachedStatement(sql: "INSERT INTO history VALUES ('service', ?, ?, ?)")
          .execute(arguments: [name, number, spec])
        try database.cachedStatement(
          sql:
            "INSERT INTO revision VALUES (?, 'change', 'bench', '2026-01-01T00:00:00.000Z', 0, 1, 0)"
        ).execute(arguments: [number])
        return .commit
      }
    }
  }

  func close() throws { try queue.close() }
}
