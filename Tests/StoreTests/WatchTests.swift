import Foundation
import GRDB
import HashTreeCollections
import Model
import Testing

@testable import Store

/// What a running store says when its files or its schema are taken away from it.
@Suite struct WatchTests {
  private let bench: Bench
  private let store: Store<Bench.Served>

  init() throws {
    bench = try Bench()
    store = try bench.open(seed: [service("s")])
  }

  private func remove(_ suffix: String = "") throws {
    try FileManager.default.removeItem(atPath: bench.path + suffix)
  }

  private func expectRefusal(
    _ reason: String,
    _ request: WriteRequest<Bench.Served> = WriteRequest(service("t")),
    _ location: SourceLocation = #_sourceLocation
  ) async {
    let failure = await #expect(throws: StoreUnavailable.self, sourceLocation: location) {
      try await store.write(request)
    }
    #expect(failure?.reason.contains(reason) == true, "\(failure)", sourceLocation: location)
    #expect(store.trouble == failure?.reason, sourceLocation: location)
    #expect(store.head.revision.number == 1, sourceLocation: location)
    #expect(bench.groups == [], sourceLocation: location)
  }

  @Test(arguments: ["", "-wal", "-shm"])
  func `no write is answered after a file was removed`(_ suffix: String) async throws {
    try remove(suffix)
    await expectRefusal("\(bench.path)\(suffix) was removed or replaced")
  }

  @Test func `a file that is replaced by another is not the database`() async throws {
    let other = try Bench()
    try other.open().close()
    try remove()
    try FileManager.default.moveItem(atPath: other.path, toPath: bench.path)
    await expectRefusal("\(bench.path) was removed or replaced")
  }

  @Test func `a file that is removed while a write is made is noticed`() async throws {
    let path = bench.path
    let request = WriteRequest<Bench.Served>(author: "ada") { _ in
      try FileManager.default.removeItem(atPath: path)
      return [service("t")]
    }
    await expectRefusal("was removed or replaced", request)
    #expect(try await store.pool.writeWithoutTransaction { try $0.newestRevision } == 1)
  }

  @Test func `a file that is removed during the commit is noticed`() async throws {
    store.pool.add(
      transactionObserver: Remover(path: bench.path),
      extent: .databaseLifetime
    )
    await expectRefusal("was removed or replaced")
  }

  @Test func `all who wait together are refused`() async throws {
    try remove()
    let outcomes = await store.writeTogether([
      WriteRequest(service("a")), WriteRequest(service("b")),
    ])
    for outcome in outcomes { #expect(throws: StoreUnavailable.self) { try outcome.get() } }
  }

  @Test func `a file that is put back is the database again`() async throws {
    try FileManager.default.moveItem(atPath: bench.path, toPath: bench.path + ".away")
    await expectRefusal("was removed or replaced")
    try FileManager.default.moveItem(atPath: bench.path + ".away", toPath: bench.path)
    try await store.write(service("t"))
    #expect(store.trouble == nil)
    try store.close()
    #expect(try bench.open().head.document.names(of: .service) == ["s", "t"])
  }

  @Test func `a look for direct writes notices it, too`() async throws {
    let seen = try await store.takeUpDirectWrites()
    #expect(store.trouble == nil)
    try remove()
    await #expect(throws: StoreUnavailable.self) { try await store.takeUpDirectWrites(since: seen) }
    #expect(store.trouble?.contains("was removed or replaced") == true)
  }

  @Test func `a database behind a symbolic link is watched where it is`() async throws {
    let link = bench.folder.appending(path: "link.db").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: bench.path)
    let linked = try bench.open(link)
    try await linked.write(service("t"))
    try remove("-wal")
    await #expect(throws: StoreUnavailable.self) { try await linked.write(service("u")) }
  }

  @Test(arguments: [
    ("DROP TABLE route", "Its table route is missing."),
    ("DROP TRIGGER history_kept", "Its trigger history_kept is missing."),
    ("DROP INDEX history_by_revision", "Its index history_by_revision is missing."),
    ("DROP VIEW open_change", "missing."),
    ("ALTER TABLE service ADD COLUMN owner TEXT", "Its table service is not as Chancery made it."),
  ])
  func `a schema that is changed is noticed, and refused at the next start`(
    _ sql: String,
    _ reason: String
  ) async throws {
    try await store.write(service("s"))
    try await bench.run(sql)
    await expectRefusal(reason)
    try store.close()
    let failure = #expect(throws: UnusableDatabase.self) { try bench.open() }
    #expect(failure?.reason.contains(reason) == true)
  }

  @Test(arguments: [
    "VACUUM", "ANALYZE", "CREATE TABLE note (text TEXT)", "CREATE VIEW v AS SELECT 1",
    "BEGIN; DROP INDEX history_by_revision; "
      + "CREATE INDEX history_by_revision ON history (valid_from); COMMIT",
  ])
  func `what leaves Chancery's own as it was is nothing`(_ sql: String) async throws {
    try await store.write(service("s"))
    try await bench.run(sql)
    try await store.write(service("t"))
    #expect(store.trouble == nil)
    try store.close()
    #expect(try bench.open().head.revision.number == 2)
  }
}

/// Removes a file when SQLite is about to commit.
private final class Remover: TransactionObserver {
  private let path: String

  init(path: String) { self.path = path }

  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
  func databaseDidChange(with event: DatabaseEvent) {}
  func databaseWillCommit() throws { try FileManager.default.removeItem(atPath: path) }
  func databaseDidCommit(_ db: Database) {}
  func databaseDidRollback(_ db: Database) {}
}
