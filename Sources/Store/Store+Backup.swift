import Foundation
import GRDB

extension Store {
  /// Copies the database, as of one moment, to a new file, while writes go on.
  ///
  /// The copy is one file, ready to be opened. Costs the whole database.
  ///
  /// - Parameter path: Of the copy; there must be no such file.
  /// - Throws: SQLite's error if the copy cannot be written.
  package func backUp(to path: String) async throws {
    let pool = pool
    try await Task.detached {
      let copy = try DatabaseQueue(path: path)
      try pool.backup(to: copy)
      // Otherwise it would need a log beside it.
      _ = try copy.writeWithoutTransaction { database in
        try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
      }
      try copy.close()
    }.value
  }
}
