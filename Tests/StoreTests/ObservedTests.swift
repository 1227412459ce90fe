import Foundation
import GRDB
import HashTreeCollections
import Model
import Testing

@testable import Store

@Suite struct ObservedTests {
  private let bench: Bench

  init() throws { bench = try Bench() }

  private let now = Date(timeIntervalSince1970: 1_750_000_000.25)

  private func proxy(_ id: String, acked: [String: Int] = ["Cluster": 3]) -> ObservedProxy {
    ObservedProxy(
      id: id,
      fleet: "east",
      version: "1.40.0",
      region: "eu",
      zone: "a",
      subZone: "1",
      firstSeen: now,
      lastSeen: now,
      applied: 3,
      acked: acked
    )
  }

  private func rejection(_ proxy: String, _ revision: Int) -> ObservedRejection {
    ObservedRejection(
      proxy: proxy,
      type: "Cluster",
      revision: revision,
      since: revision - 1,
      names: ["a \"b\"", "c"],
      message: "no\n",
      at: "2026-01-01T00:00:0\(revision % 10).000Z"
    )
  }

  @Test func `what is kept is there after a restart`() async throws {
    let kept = Observations(
      proxies: [proxy("a"), proxy("b", acked: [:])],
      rejections: [rejection("a", 3), rejection("a", 4)]
    )
    let store = try bench.open()
    try await store.keep(kept)
    try store.close()
    #expect(try bench.open().observations() == kept)
  }

  @Test func `what is kept replaces what was kept, but not when it was first seen`() async throws {
    let store = try bench.open()
    try await store.keep(Observations(proxies: [proxy("a")], rejections: [rejection("a", 4)]))
    var later = proxy("a", acked: ["Cluster": 4])
    later.firstSeen = now.addingTimeInterval(9)
    later.lastSeen = now.addingTimeInterval(9)
    var healed = rejection("a", 4)
    healed.since = 4
    try await store.keep(Observations(proxies: [later], rejections: [healed]))
    let stored = try store.observations()
    #expect(stored.proxies.map(\.acked) == [["Cluster": 4]])
    #expect(stored.proxies.map(\.lastSeen) == [later.lastSeen])
    #expect(stored.proxies.map(\.firstSeen) == [now])
    #expect(stored.rejections == [healed])
  }

  @Test func `a proxy is forgotten with its refusals`() async throws {
    let store = try bench.open()
    try await store.keep(
      Observations(proxies: [proxy("a"), proxy("b")], rejections: [rejection("a", 4)])
    )
    try await store.keep(Observations(forgotten: ["a"]))
    #expect(try store.observations() == Observations(proxies: [proxy("b")]))
  }

  @Test func `a refusal can be dropped`() async throws {
    let store = try bench.open()
    try await store.keep(
      Observations(proxies: [proxy("a")], rejections: [rejection("a", 4), rejection("a", 5)])
    )
    try await store.keep(Observations(dropped: [rejection("a", 4)]))
    #expect(try store.observations().rejections == [rejection("a", 5)])
  }

  @Test func `it is all or nothing`() async throws {
    let store = try bench.open()
    await #expect(throws: StoreUnavailable.self) {
      try await store.keep(Observations(proxies: [proxy("a")], rejections: [rejection("b", 1)]))
    }
    #expect(try store.observations().isEmpty)
  }

  @Test func `a proxy may call itself anything`() async throws {
    let store = try bench.open()
    try await store.keep(Observations(proxies: [proxy("a\u{0}b'; --"), proxy("")]))
    #expect(try store.observations().proxies.map(\.id) == ["", "a\u{FFFD}b'; --"])
    try await store.keep(Observations(forgotten: ["a\u{0}b'; --"]))
    #expect(try store.observations().proxies.map(\.id) == [""])
  }

  @Test func `what is observed makes no revision, and is not taken for a write by others`()
    async throws
  {
    let store = try bench.open(seed: [service("s")])
    let seen = try await store.takeUpDirectWrites()
    try await store.keep(Observations(proxies: [proxy("a")], rejections: [rejection("a", 4)]))
    #expect(try await store.takeUpDirectWrites(since: seen) == seen)
    #expect(store.head.revision.number == 1)
    #expect(bench.groups.isEmpty)
  }

  @Test func `a rollback brings no report back`() async throws {
    let store = try bench.open(seed: [service("s")])
    try await store.write(service("t"))
    try await store.keep(Observations(proxies: [proxy("a")]))
    _ = try await store.write(
      WriteRequest(author: "ada", kind: .rollback(of: 1)) { head in
        try store.edits(to: 1, from: head) ?? []
      }
    )
    #expect(try store.observations().proxies == [proxy("a")])
  }

  @Test func `nothing is kept in a file that was replaced`() async throws {
    let store = try bench.open()
    try FileManager.default.removeItem(atPath: bench.path)
    await #expect(throws: StoreUnavailable.self) {
      try await store.keep(Observations(proxies: [proxy("a")]))
    }
  }

  @Test func `the shell forgets a proxy's refusals with it`() async throws {
    let store = try bench.open()
    try await store.keep(Observations(proxies: [proxy("a")], rejections: [rejection("a", 4)]))
    try await bench.run("DELETE FROM proxy")
    #expect(try store.observations().isEmpty)
  }

  @Test func `a database of the first schema keeps its content`() async throws {
    let queue = try DatabaseQueue(path: bench.path, configuration: .chancery)
    try await queue.writeWithoutTransaction { try $0.migrate(to: 1) }
    try queue.close()
    try await bench.run(
      """
      INSERT INTO service VALUES ('old', '{}');
      INSERT INTO endpoint VALUES ('old', '10.0.0.1:80', '{}');
      INSERT INTO route VALUES ('r', '{"match":{"prefix":"/"},"service":"old"}');
      """
    )
    var store = try bench.open()
    try await store.write(service("new"))
    #expect(store.head.document.names(of: .service) == ["new", "old"])
    #expect(store.head.document.services["old"]?.endpoints.map(\.id) == ["10.0.0.1:80"])
    #expect(store.head.document.names(of: .route) == ["r"])
    #expect(store.head.revision.number == 2)
    try await store.keep(Observations(proxies: [proxy("a")]))
    try store.close()
    store = try bench.open()
    #expect(try store.observations().proxies.map(\.id) == ["a"])
    #expect(store.head.revision.number == 2)
  }
}
