import Foundation
import GRDB
import HashTreeCollections
import Model
import PrometheusMetrics
import Synchronization
import Testing

@testable import Store

@Test func `200 concurrent writers lose nothing and leave no gap`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
    for index in 0..<200 {
      group.addTask { try await store.write(service("s\(index)", "10.0.0.1")).head.revision.number }
    }
    return try await group.reduce(into: []) { $0.append($1) }
  }
  #expect(numbers.sorted() == Array(2...201))
  #expect(bench.groups.flatMap { $0 } == Array(2...201))
  try store.close()
  #expect(try bench.open().head.document.names(of: .service).count == 200)
}

@Test func `every edit is given the head that its write is made on`() async throws {
  let bench = try Bench()
  let store = try bench.open(seed: [service("s", labels: ["count": "0"])])
  let increment = WriteRequest<Bench.Served>(author: "ada") { head in
    let count = head.document.services["s"]?.labels?["count"].flatMap { Int($0) } ?? 0
    return [service("s", labels: ["count": "\(count + 1)"])]
  }
  try await withThrowingTaskGroup { group in
    for _ in 0..<100 { group.addTask { _ = try await store.write(increment) } }
    try await group.waitForAll()
  }
  #expect(store.head.document.services["s"]?.labels?["count"] == "100")
  #expect(store.head.revision.number == 101)
}

@Test func `writers that wait are committed together, a revision each`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let outcomes = await store.writeTogether([
    WriteRequest(service("s")), WriteRequest(route("r", to: "s")), WriteRequest(service("t")),
  ])
  #expect(try outcomes.map { try $0.get().head.revision.number } == [2, 3, 4])
  #expect(bench.groups == [[2, 3, 4]])
}

@Test func `a group is bounded`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let requests = (0..<300).map { WriteRequest<Bench.Served>(service("s\($0)")) }
  let outcomes = await store.writeTogether(requests)
  #expect(try outcomes.map { try $0.get().head.revision.number } == Array(2...301))
  #expect(bench.groups.map(\.count) == [256, 44])
}

@Test func `a refused writer does not disturb the others of its group`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let outcomes = await store.writeTogether([
    WriteRequest(service("s")),
    WriteRequest(service("lost"), route("r", to: "missing")),
    WriteRequest(service("t")),
  ])
  #expect(throws: Refusal.self) { try outcomes[1].get() }
  #expect(try outcomes[2].get().head.revision.number == 3)
  #expect(store.head.document.names(of: .service) == ["s", "t"])
  #expect(try await bench.shell("SELECT name FROM service").output == "s\nt\n")
  #expect(store.head.compiled == store.head.objects)
}

@Test func `revisions are committed when they are told of`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let other = try DatabaseQueue(path: bench.path)
  let newest = Mutex<[Int?]>([])
  bench.onCommit {
    let number = try? other.read { try Int.fetchOne($0, sql: "SELECT max(number) FROM revision") }
    newest.withLock { $0.append(number) }
  }
  try await store.write(service("s"))
  try await store.write(service("t"))
  #expect(newest.withLock { $0 } == [2, 3])
}

@Test func `a full disk fails only the writer that it has no room for`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try await store.limitPages(beyondPresent: 30)
  let large = ["large": String(repeating: "x", count: 250)]
  let outcomes = await store.writeTogether([
    WriteRequest(service("s")),
    WriteRequest(author: "ada") { _ in (0..<2000).map { service("l\($0)", labels: large) } },
    WriteRequest(service("t")),
  ])
  #expect(throws: StoreUnavailable(reason: "The disk is full.")) { try outcomes[1].get() }
  #expect(try outcomes[2].get().head.revision.number == 3)
  #expect(bench.groups.flatMap { $0 } == [2, 3])
  try store.close()
  #expect(try bench.open().head.document.names(of: .service) == ["s", "t"])
}

@Test func `if SQLite ends the transaction, the writers are taken one by one`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let outcomes = await store.writeTogether([
    WriteRequest(service("s")),
    WriteRequest(author: "ada") { _ in
      try store.pool.unsafeReentrantWrite { try $0.execute(sql: "ROLLBACK") }
      return [service("lost")]
    },
    WriteRequest(service("t")),
  ])
  #expect(throws: StoreUnavailable.self) { try outcomes[1].get() }
  #expect(try outcomes[2].get().head.revision.number == 3)
  #expect(bench.groups == [[2], [3]])
  #expect(try await bench.shell("SELECT name FROM service").output == "s\nt\n")
}

@Test func `a COMMIT that fails is tried again writer by writer`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  store.pool.add(transactionObserver: CommitRefuser(times: 2), extent: .databaseLifetime)
  let outcomes = await store.writeTogether([
    WriteRequest(service("s")), WriteRequest(service("t")), WriteRequest(service("u")),
  ])
  #expect(throws: StoreUnavailable.self) { try outcomes[0].get() }
  #expect(store.head.document.names(of: .service) == ["t", "u"])
  #expect(store.head.revision.number == 3)
  #expect(bench.groups == [[2], [3]])
}

@Test func `another process's write lock is named`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA busy_timeout = 1") }
  let other = try DatabaseQueue(path: bench.path)
  let locked = DispatchSemaphore(value: 0)
  let done = DispatchSemaphore(value: 0)
  let holder = Thread {
    try? other.inTransaction(.immediate) { _ in
      locked.signal()
      done.wait()
      return .rollback
    }
    locked.signal()
  }
  holder.start()
  await locked.reached()
  let failure = await #expect(throws: StoreUnavailable.self) {
    try await store.write(service("s"))
  }
  #expect(failure?.reason.hasPrefix("Another process holds the database's write lock") == true)
  done.signal()
  await locked.reached()
  #expect(try await store.write(service("s")).head.revision.number == 2)
}

@Test func `cancelling a waiting writer neither loses nor doubles its write`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let started = DispatchSemaphore(value: 0)
  store.pool.asyncWriteWithoutTransaction { _ in started.wait() }
  let writer = Task { try await store.write(service("s")).head.revision.number }
  while store.queue.count == 0 { await Task.yield() }
  writer.cancel()
  started.signal()
  #expect(try await writer.value == 2)
  #expect(try await store.write(service("s")).head.revision.number == 2)
}

@Test func `closing lets those who wait finish`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let started = DispatchSemaphore(value: 0)
  store.pool.asyncWriteWithoutTransaction { _ in started.wait() }
  let writers = (0..<3).map { index in Task { try await store.write(service("s\(index)")) } }
  while store.queue.count < 3 { await Task.yield() }
  started.signal()
  try store.close()
  for writer in writers { _ = try await writer.value }
  #expect(try bench.open().head.document.names(of: .service).count == 3)
}

/// Makes as many COMMITs fail.
final class CommitRefuser: TransactionObserver, Sendable {
  private struct Refused: Error {}
  private let left: Mutex<Int>

  init(times: Int) { left = Mutex(times) }

  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
  func databaseDidChange(with event: DatabaseEvent) {}
  func databaseDidCommit(_ db: Database) {}
  func databaseDidRollback(_ db: Database) {}

  func databaseWillCommit() throws {
    let isLeft = left.withLock { left in
      left -= 1
      return left >= 0
    }
    if isLeft { throw Refused() }
  }
}

extension DispatchSemaphore {
  fileprivate func reached() async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        self.wait()
        continuation.resume()
      }
    }
  }
}

extension Store {
  /// Lets the file grow by so many pages and no more, as a disk would.
  fileprivate func limitPages(beyondPresent count: Int) async throws {
    try await pool.writeWithoutTransaction { database in
      let present = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      try database.execute(sql: "PRAGMA max_page_count = \(present + count)")
    }
  }
}

@Test func `a group that is committed is timed, and its writers counted`() async throws {
  let registry = PrometheusRegistry([
    MetricFamily("chancery_store_group_writes", .histogram(bounds: [1, 2]))
  ])
  let bench = try Bench()
  let store = try bench.open(metrics: StoreMetrics(factory: registry))
  _ = await store.writeTogether([
    WriteRequest(service("a")), WriteRequest(service("b")), WriteRequest(service("a")),
  ])
  try await store.write(service("c"))
  // Nothing to commit.
  try await store.write(service("c"))
  let lines = registry.exposition().split(separator: "\n")
  #expect(lines.contains("chancery_store_commit_seconds_count 2"))
  #expect(
    lines.filter { $0.hasPrefix("chancery_store_group_writes") } == [
      #"chancery_store_group_writes_bucket{le="1"} 1"#,
      #"chancery_store_group_writes_bucket{le="2"} 1"#,
      #"chancery_store_group_writes_bucket{le="+Inf"} 2"#,
      "chancery_store_group_writes_sum 4", "chancery_store_group_writes_count 2",
    ]
  )
}
