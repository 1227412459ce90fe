import HashTreeCollections
import Model
import Testing

@testable import Store

@Suite struct UndoTests {
  private let bench: Bench
  private let store: Store<Bench.Served>

  init() async throws {
    bench = try Bench()
    store = try bench.open()
    try await store.write(service("a", "10.0.0.1", "10.0.0.2", labels: ["x": "1"]))
  }

  private func undo(_ number: Int) async throws -> Head<Bench.Served> {
    let request = WriteRequest<Bench.Served>(author: "ada") { [store] head in
      try #require(try store.edits(undoing: number, from: head))
    }
    return try await store.write(request).head
  }

  @Test func `one revision is undone, and what came later in the same object stays`() async throws {
    try await store.write(service("a", "10.0.0.1", labels: ["x": "1"]))
    try await store.write(service("a", "10.0.0.1", "10.0.0.3", labels: ["x": "2"]), service("b"))
    let head = try await undo(3)
    let ids = head.document.services["a"]?.endpoints.map(\.id)
    #expect(ids == ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"])
    #expect(head.document.services["a"]?.labels == ["x": "2"])
    #expect(head.document.services["b"] != nil)
  }

  @Test func `what a revision made goes, and what it took away comes back`() async throws {
    try await store.write(service("b"), removal(.service, "a"))
    try await store.write(service("c"))
    let head = try await undo(3)
    #expect(head.document.names(of: .service) == ["a", "c"])
    #expect(head.document.services["a"]?.endpoints.count == 2)
  }

  @Test func `a later change of the same thing stands in the way, and is pointed to`() async throws
  {
    try await store.write(service("a", "10.0.0.1", labels: ["x": "2"]), service("b"))
    try await store.write(
      service("a", "10.0.0.1", labels: ["x": "3"]),
      service("b", "10.0.0.9")
    )
    let refusal = await #expect(throws: Refusal.self) { try await undo(3) }
    #expect(refusal?.kind == .conflict)
    #expect(refusal?.faults.map(\.pointer) == ["/services/a/labels/x", "/services/b"])
    #expect(store.head.revision.number == 4)
  }

  @Test func `what is undone already makes no revision`() async throws {
    try await store.write(service("b"))
    try await store.write(removal(.service, "b"))
    #expect(try await undo(3).revision.number == 4)
  }

  @Test func `of a revision that there is not, nothing can be undone`() throws {
    #expect(try store.edits(undoing: 3, from: store.head) == nil)
    #expect(try store.edits(undoing: 0, from: store.head) == nil)
  }
}
