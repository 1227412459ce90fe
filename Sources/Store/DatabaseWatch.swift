import GRDB
import Logging
import Synchronization

/// Holds the database to what it was when it was opened: the same files, and the schema that the
/// migrations make.
///
/// SQLite itself goes on writing to files that no path leads to any more.
final class DatabaseWatch: Sendable {
  private struct State {
    /// As of the last comparison (https://www.sqlite.org/pragma.html#pragma_schema_version).
    var schemaVersion: Int?
    var trouble: String?
  }

  private let files: [(path: String, identity: FileIdentity?)]
  private let expected: Schema
  private let logger: Logger
  private let state = Mutex(State())

  /// Takes the files for what they are now; the log must have been written to.
  init(_ database: Database, path: String, logger: Logger) throws {
    // SQLite puts the log beside the file that a symbolic link leads to.
    let real =
      try String.fetchOne(
        database,
        sql: "SELECT file FROM pragma_database_list WHERE name = 'main'"
      ) ?? path
    files = [path, real + "-wal", real + "-shm"].map { ($0, FileIdentity(path: $0)) }
    expected = try Schema(migratedTo: Migration.all.count)
    self.logger = logger
  }

  /// Sentences on what the last look found; nil if all was well.
  var trouble: String? { state.withLock { $0.trouble } }

  /// Looks at the files and, if anybody changed the schema, at that.
  ///
  /// - Throws: `StoreUnavailable` if they are not as they were.
  func check(_ database: Database) throws {
    try note(filesTrouble ?? schemaTrouble(in: database))
  }

  /// Looks at the files only.
  ///
  /// - Throws: `StoreUnavailable` if they are not as they were.
  func checkFiles() throws { if let filesTrouble { try note(filesTrouble) } }

  private var filesTrouble: String? {
    guard let file = files.first(where: { FileIdentity(path: $0.path) != $0.identity }) else {
      return nil
    }
    return """
      The database file \(file.path) was removed or replaced while Chancery ran. Restart chancery \
      with the right one in place.
      """
  }

  private func schemaTrouble(in database: Database) throws -> String? {
    let version = try Int.fetchOne(database, sql: "PRAGMA schema_version")
    if version == state.withLock({ $0.schemaVersion }) { return nil }
    if let difference = try expected.difference(in: Schema(of: database)) {
      return """
        The database was changed by another program. \(difference) Restore a backup, then restart \
        chancery.
        """
    }
    // VACUUM, for example, changes the number only.
    state.withLock { $0.schemaVersion = version }
    return nil
  }

  private func note(_ trouble: String?) throws {
    let former = state.withLock { state in
      defer { state.trouble = trouble }
      return state.trouble
    }
    if let trouble {
      if trouble != former {
        logger.error("The database cannot be used any more", metadata: ["reason": "\(trouble)"])
      }
      throw StoreUnavailable(reason: trouble)
    }
    if former != nil { logger.notice("The database can be used again") }
  }
}
