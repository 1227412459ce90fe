import Foundation
import GRDB

/// Why a file cannot be the database; nothing was written to it.
package struct UnusableDatabase: Error, Hashable, CustomStringConvertible, Sendable {
  package var path: String
  /// A sentence that says what to do.
  package var reason: String

  package var description: String { "The database \(path) cannot be used. \(reason)" }
}

/// The file that the database is in, looked at before SQLite may write to it.
struct DatabaseFile {
  private let url: URL

  var path: String { url.path }

  init(path: String) { url = URL(fileURLWithPath: path).standardizedFileURL }

  /// The database with the newest schema, made if there is none.
  ///
  /// - Throws: `UnusableDatabase`, with the file as it was, if that is another application's,
  ///   damaged, of a newer version of Chancery, or cannot be written.
  func open(_ log: StatementLog? = nil) throws -> DatabasePool {
    try checkPlace()
    do {
      if isEmpty { try create() } else { try inspect() }
      let pool = try DatabasePool(path: url.path, configuration: .chancery.logging(to: log))
      try pool.writeWithoutTransaction { database in
        // The pool itself sets NORMAL, which may lose the last commits when the power fails.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.migrate()
      }
      return pool
    } catch let error as DatabaseError {
      throw unusable(because: error)
    }
  }

  /// Makes the schema before the file's first change to WAL: so the file itself, without any log
  /// beside it, always says whose it is.
  private func create() throws {
    let queue = try DatabaseQueue(path: url.path, configuration: .chancery)
    try queue.writeWithoutTransaction { try $0.migrate() }
    try queue.close()
  }

  private func checkPlace() throws {
    let folder = url.deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
    else { throw unusable("There is no folder \(folder). Make it, or choose another path.") }
    if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue
    {
      throw unusable("It is a folder. Choose a file in it.")
    }
  }

  private var isEmpty: Bool { size(of: url.path) == 0 }

  private func size(of path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  func unusable(_ reason: String) -> UnusableDatabase {
    UnusableDatabase(path: url.path, reason: reason)
  }

  func unusable(because error: DatabaseError) -> UnusableDatabase {
    switch error.resultCode {
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
      unusable("Chancery must be able to write the file and its folder. Check their permissions.")
    case .SQLITE_BUSY:
      unusable("Another process keeps it locked.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      unusable("It is damaged (\(error.message ?? "unreadable")). Restore a backup.")
    default:
      unusable("SQLite says: \(error.message ?? error.resultCode.description).")
    }
  }

  // MARK: Inspection

  private func inspect() throws {
    let queue = try openToRead()
    try queue.inDatabase { database in
      guard let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)"),
        verdict == "ok"
      else { throw unusable("It is damaged. Restore a backup.") }
      try checkSchema(of: database)
    }
    try queue.close()
  }

  /// The database as it is, if the file says that it is one of Chancery's.
  func openToRead() throws -> DatabaseQueue {
    try checkHeader()
    return try DatabaseQueue(path: inspectionPath, configuration: inspection)
  }

  /// - Throws: `UnusableDatabase` unless this or an earlier version of Chancery made the schema.
  func checkSchema(of database: Database) throws {
    let version = try database.schemaVersion
    if version > Migration.all.count {
      throw unusable(
        """
        A newer version of Chancery wrote it: its schema is \(version), and this version knows \
        \(Migration.all.count). Use the newer version, or restore a backup from before.
        """
      )
    }
    let expected = try Schema(migratedTo: version)
    if let difference = try expected.difference(in: Schema(of: database)) {
      throw unusable("\(difference) Restore a backup.")
    }
  }

  /// Looks at the first bytes (https://www.sqlite.org/fileformat.html, 1.3) without SQLite, which
  /// would take an empty or foreign file for its own.
  func checkHeader() throws {
    let file = try? FileHandle(forReadingFrom: url)
    guard let header = try? file?.read(upToCount: 100), header.count == 100,
      header.starts(with: Array("SQLite format 3\u{0}".utf8))
    else { throw unusable("It is no SQLite database. Choose another path.") }
    let applicationID = header[68..<72].reduce(0) { $0 << 8 | Int($1) }
    guard applicationID == Database.chanceryID else {
      throw unusable("It is another application's SQLite database. Choose another path.")
    }
  }

  /// As immutable, SQLite makes no file beside it and takes no lock; but then it would not see
  /// what a process that was killed has left there.
  private var inspectionPath: String {
    hasLog || hasJournal ? url.path : url.absoluteString + "?immutable=1"
  }

  private var inspection: Configuration {
    var configuration = Configuration.chancery
    // Only a writer can roll back what a killed process left half done.
    configuration.readonly = !hasJournal
    return configuration
  }

  private var hasLog: Bool { size(of: url.path + "-wal") > 0 }
  private var hasJournal: Bool { size(of: url.path + "-journal") > 0 }
}

extension Configuration {
  /// How long a write waits for another process's.
  static let patience = 5.0

  /// Connections that may add revisions.
  static var chancery: Configuration {
    var configuration = Configuration()
    configuration.label = "chancery"
    configuration.busyMode = .timeout(patience)
    configuration.prepareDatabase { database in
      database.add(
        function: DatabaseFunction("only_chancery_adds_revisions", argumentCount: 0, pure: true) {
          _ in true
        }
      )
    }
    return configuration
  }
}
