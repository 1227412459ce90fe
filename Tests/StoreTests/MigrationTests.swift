import Foundation
import GRDB
import Testing

@testable import Store

/// Files that were released and must stay as they are, by the FNV-1a hash of their bytes.
private let released = [
  "0001_revisions": "1fca52200f425468",
  "0002_proxies": "8ec3c4c9d2c15d9a",
  "0003_registrations": "6614dbf32763fd1d",
  "0004_idempotency": "f0f12bcabbf9e4c8",
  "0005_tokens": "437964734d1d9cc5",
]

private let folder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "migrations")

@Test func `every file of the folder is a migration, in order`() throws {
  let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  #expect(files == Migration.all.map { $0.name + ".sql" })
  for (index, migration) in Migration.all.enumerated() {
    let text = try String(contentsOf: folder.appending(path: files[index]), encoding: .utf8)
    #expect(migration.sql == text)
    #expect(migration.name.hasPrefix(String(format: "%04d_", index + 1)))
  }
}

@Test func `a released migration never changes`() {
  let present = Migration.all.map { ($0.name, fnv1a($0.sql)) }
  #expect(Dictionary(uniqueKeysWithValues: present) == released)
}

@Test func `migrating step by step gives the schema of migrating at once`() throws {
  let bench = try Bench()
  let atOnce = try DatabaseQueue(path: bench.folder.appending(path: "at-once.db").path)
  try atOnce.writeWithoutTransaction { try $0.migrate() }
  for version in 1...Migration.all.count {
    let queue = try DatabaseQueue(path: bench.path)
    try queue.writeWithoutTransaction { try $0.migrate(to: version) }
    #expect(try queue.read { try $0.schemaVersion } == version)
    try queue.close()
  }
  let stepByStep = try DatabaseQueue(path: bench.path)
  #expect(try stepByStep.read(schema) == atOnce.read(schema))
}

@Test func `migrating again does nothing`() throws {
  let bench = try Bench()
  let queue = try DatabaseQueue(path: bench.path)
  try queue.writeWithoutTransaction { try $0.migrate() }
  let before = try queue.read(schema)
  try queue.writeWithoutTransaction { try $0.migrate() }
  #expect(try queue.read(schema) == before)
}

@Test func `every table is strict`() throws {
  let bench = try Bench()
  let queue = try DatabaseQueue(path: bench.path)
  try queue.writeWithoutTransaction { try $0.migrate() }
  let loose = try queue.read { database in
    try String.fetchAll(
      database,
      sql: "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict"
    )
  }
  #expect(loose.filter { !$0.hasPrefix("sqlite_") } == [])
}

@Sendable private func schema(_ database: Database) throws -> [String] {
  try String.fetchAll(
    database,
    sql: "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1"
  )
}

private func fnv1a(_ text: String) -> String {
  let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
    ($0 ^ UInt64($1)) &* 0x100_0000_01b3
  }
  return String(hash, radix: 16)
}
