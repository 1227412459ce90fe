import HashTreeCollections
import Model
import Testing

@testable import Store

/// What happens when this version refuses what an earlier one accepted.
@Suite struct UpgradeTests {
  private let bench: Bench

  init() async throws {
    bench = try Bench()
    let store = try bench.open(seed: [gateway("default", port: 8080)])
    try await store.write(service("old", "10.0.0.1", "10.0.0.2"), service("s"))
    try store.close()
  }

  /// Opens with a gate that refuses the service "old".
  private func openStricter() throws -> Store<Bench.Served> {
    bench.refuse("old")
    return try bench.open()
  }

  /// Opens after making the service "old" into what an other version may have known.
  private func openWithUnknownField() async throws -> Store<Bench.Served> {
    let spec = #"'{"future": 1}'"#
    try await bench.run(
      """
      UPDATE service SET spec = \(spec) WHERE name = 'old';
      DELETE FROM history WHERE valid_from = 3;
      UPDATE history SET body = \(spec) WHERE kind = 'service' AND name = 'old';
      """,
      without: "history_kept",
      "history_not_deleted"
    )
    return try bench.open()
  }

  @Test func `a head that is refused is told with its faults`() throws {
    let head = try openStricter().head
    #expect(head.compiled == nil)
    #expect(head.refusal?.faults.map(\.pointer) == ["/services/old"])
    #expect(head.revision.number == 2)
    #expect(head.document.services["old"] != nil)
  }

  @Test func `a write that mends the head makes it servable`() async throws {
    let store = try openStricter()
    let head = try await store.write(removal(.service, "old")).head
    #expect(head.refusal == nil)
    #expect(head.compiled == head.objects)
  }

  @Test func `a write that does not mend the head is refused`() async throws {
    let store = try openStricter()
    await #expect(throws: Refusal.self) { try await store.write(service("new")) }
    #expect(store.head.revision.number == 2)
  }

  @Test func `the shell may mend the head step by step`() async throws {
    let store = try openStricter()
    try await bench.run("INSERT INTO service VALUES ('new', '{}')")
    _ = try await store.takeUpDirectWrites()
    #expect(store.head.revision.number == 3)
    #expect(store.head.revision.faults.map(\.pointer) == ["/services/old"])
    #expect(store.head.compiled == nil)
    try await bench.run("DELETE FROM service WHERE name = 'old'")
    _ = try await store.takeUpDirectWrites()
    #expect(store.head.revision.number == 4)
    #expect(store.head.compiled == store.head.objects)
    #expect(store.head.document.names(of: .service) == ["new", "s"])
  }

  @Test func `an object that is not understood is told with its faults`() async throws {
    let head = try await openWithUnknownField().head
    #expect(head.compiled == nil)
    #expect(head.refusal?.faults.map(\.pointer) == ["/services/old/future"])
    #expect(head.document.names(of: .service) == ["s"])
  }

  @Test func `while an object is not understood, no other can be written`() async throws {
    let store = try await openWithUnknownField()
    let refusal = await #expect(throws: Refusal.self) { try await store.write(service("new")) }
    #expect(refusal?.faults.map(\.pointer) == ["/services/old/future"])
  }

  @Test func `an object that is not understood can be replaced`() async throws {
    let store = try await openWithUnknownField()
    let head = try await store.write(service("old", "10.0.0.2", "10.0.0.3")).head
    #expect(head.compiled == head.objects)
    #expect(try await store.revisions(before: nil, limit: 1).map(\.counts) == [.init(changed: 1)])
    try store.close()
    let again = try bench.open().head
    #expect(again.objects == head.objects)
    #expect(again.stamps == head.stamps)
  }

  @Test func `an object that is not understood can be removed`() async throws {
    let store = try await openWithUnknownField()
    let head = try await store.write(removal(.service, "old")).head
    #expect(head.compiled == head.objects)
    #expect(try await store.revisions(before: nil, limit: 1).map(\.counts) == [.init(removed: 1)])
    try store.close()
    #expect(try bench.open().head.objects == head.objects)
  }

  @Test func `a rollback to what is refused is refused like any write`() async throws {
    let store = try bench.open()
    try await store.write(removal(.service, "old"))
    bench.refuse("old")
    await #expect(throws: Refusal.self) {
      try await store.write(
        WriteRequest(author: "ada", kind: .rollback(of: 2)) { head in
          try store.edits(to: 2, from: head) ?? []
        }
      )
    }
    #expect(store.head.revision.number == 3)
    #expect(store.head.document.services["old"] == nil)
  }

  @Test func `a rollback to what is not understood is refused with its faults`() async throws {
    let store = try await openWithUnknownField()
    try await store.write(service("old"))
    let refusal = #expect(throws: Refusal.self) { try store.edits(to: 2, from: store.head) }
    #expect(refusal?.faults.map(\.pointer) == ["/services/old/future"])
  }
}
