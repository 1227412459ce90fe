import Foundation
import GRDB
import HashTreeCollections
import Model
import Testing

@testable import Store

@Test func `a new database starts at revision 1 with the seed`() async throws {
  let bench = try Bench()
  let store = try bench.open(seed: [gateway("default", port: 8080)])
  let head = store.head
  #expect(head.revision.number == 1)
  #expect(head.revision.kind == .change)
  #expect(head.revision.author == "chancery")
  #expect(head.revision.at == "2025-06-15T15:06:40.250Z")
  #expect(head.document.gateways["default"]?.port == 8080)
  #expect(head.compiled == head.objects)
}

@Test func `a new database without a seed starts at revision 1, too`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  #expect(store.head.revision.number == 1)
  #expect(try await store.revisions(before: nil, limit: 9).map(\.revision.number) == [1])
}

@Test func `a write makes one revision`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let result = try await store.write(service("s", "10.0.0.1"), service("t"))
  #expect(result.head.revision.number == 2)
  #expect(result.head.revision.author == "ada")
  #expect(result.change.keys.map(\.name).sorted() == ["s", "t"])
  #expect(store.head.document.services["s"]?.endpoints.map(\.id) == ["10.0.0.1:80"])
  #expect(store.head.compiled == store.head.objects)
  #expect(bench.groups == [[2]])
}

@Test func `a write that changes nothing makes no revision`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try await store.write(service("s", "10.0.0.1"))
  let result = try await store.write(service("s", "10.0.0.1"), removal(.route, "none"))
  #expect(result.head.revision.number == 2)
  #expect(result.change.isEmpty)
  #expect(bench.groups == [[2]])
}

@Test func `a refused write leaves nothing`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let refusal = await #expect(throws: Refusal.self) {
    try await store.write(service("s"), route("r", to: "missing"))
  }
  #expect(refusal?.faults.map(\.code) == [.unknownReference])
  #expect(store.head.revision.number == 1)
  #expect(try await bench.shell("SELECT count(*) FROM history").output == "0\n")
}

@Test func `an edit may refuse by what it finds`() async throws {
  struct Stale: Error {}
  let bench = try Bench()
  let store = try bench.open()
  await #expect(throws: Stale.self) {
    try await store.write(WriteRequest(author: "ada") { _ in throw Stale() })
  }
  #expect(store.head.revision.number == 1)
}

@Test func `a reopened database has the same head`() async throws {
  let bench = try Bench()
  let store = try bench.open(seed: [gateway("default", port: 8080)])
  try await store.write(service("s", "10.0.0.1", "10.0.0.2"), route("r", to: "s"))
  try await store.write(service("s", "10.0.0.2"))
  try await store.write(removal(.route, "r"), by: "bob")
  try await store.write(route("r", to: "s"), service("t", labels: ["team": "a"]))
  let head = store.head
  try store.close()
  let again = try bench.open().head
  #expect(again.revision == head.revision)
  #expect(again.objects == head.objects)
  #expect(again.compiled == head.compiled)
  #expect(again.stamps == head.stamps)
}

@Test func `once closed, the file alone has everything`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try await store.write(service("s", "10.0.0.1"))
  // A reader that was open must not keep the log.
  _ = try await store.revisions(before: nil, limit: 10)
  _ = try await store.revision(2)
  try store.close()
  let log = try? Data(contentsOf: URL(filePath: bench.path + "-wal"))
  #expect(log?.isEmpty != false)
}

@Test func `stamps say who made an object and who changed it last`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try await store.write(service("s", "10.0.0.1"), by: "ada")
  try await store.write(service("s"), by: "bob")
  let stamp = try #require(store.head.stamps[ObjectKey(.service, "s")])
  #expect(stamp.created.revision == 2)
  #expect(stamp.created.author == "ada")
  #expect(stamp.updated.revision == 3)
  #expect(stamp.updated.author == "bob")
}

@Test func `an object is renamed in one write, those that refer to it with it`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try await store.write(service("old", "10.0.0.1"), route("r", to: "old"))
  let result = try await store.write(
    removal(.service, "old"),
    route("r", to: "new"),
    service("new", "10.0.0.1")
  )
  #expect(result.head.document.names(of: .service) == ["new"])
  #expect(result.change.keys.count == 3)
  #expect(try await bench.shell("SELECT * FROM reference").output == "service|new|r\n")
}

@Test func `a closed store takes no writes`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try store.close()
  await #expect(throws: StoreUnavailable.self) { try await store.write(service("s")) }
}

@Test func `commits are made durable by synchronous FULL in a write-ahead log`() throws {
  let bench = try Bench()
  let store = try bench.open()
  try store.pool.writeWithoutTransaction { database in
    let settings = try ["synchronous", "journal_mode", "foreign_keys"].map { name in
      try String.fetchOne(database, sql: "PRAGMA \(name)")
    }
    #expect(settings == ["2", "wal", "1"])
  }
}
