import GRDB

/// One numbered SQL file of the folder migrations.
///
/// Files are added, never edited: databases that ran one do not run it again.
struct Migration: Sendable {
  var name: String
  var sql: String

  private init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    sql = String(decoding: bytes, as: UTF8.self)
  }

  /// In order; `PRAGMA user_version` is how many of them a database has run.
  static let all = [
    Migration("0001_revisions", PackageResources._001_revisions_sql),
    Migration("0002_proxies", PackageResources._002_proxies_sql),
    Migration("0003_registrations", PackageResources._003_registrations_sql),
    Migration("0004_idempotency", PackageResources._004_idempotency_sql),
    Migration("0005_tokens", PackageResources._005_tokens_sql),
  ]
}

extension Database {
  /// Tells Chancery's files from other applications': "CHNC".
  static let chanceryID = 0x4348_4E43

  /// Runs the migrations that the database lacks, each in a transaction of its own.
  func migrate(to version: Int = Migration.all.count) throws {
    while try migrateOnce(to: version) {}
  }

  private func migrateOnce(to version: Int) throws -> Bool {
    var isDone = false
    try inTransaction(.immediate) {
      // Read inside: another process may be migrating, too.
      let present = try schemaVersion
      guard present < version else {
        isDone = true
        return .commit
      }
      try execute(sql: Migration.all[present].sql)
      try execute(sql: "PRAGMA user_version = \(present + 1)")
      try execute(sql: "PRAGMA application_id = \(Self.chanceryID)")
      return .commit
    }
    return !isDone
  }

  var schemaVersion: Int {
    get throws { try Int.fetchOne(self, sql: "PRAGMA user_version") ?? 0 }
  }
}
