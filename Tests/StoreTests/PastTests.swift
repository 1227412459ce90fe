import HashTreeCollections
import Model
import Testing

@testable import Store

@Suite struct PastTests {
  private let bench: Bench
  private let store: Store<Bench.Served>

  init() async throws {
    bench = try Bench()
    store = try bench.open(seed: [gateway("default", port: 8080)])
    try await store.write(service("a", "10.0.0.1"), service("b"), route("r", to: "a"))
    try await store.write(service("a", "10.0.0.1", "10.0.0.2"), removal(.service, "b"))
    try await store.write(service("c"), removal(.route, "r"))
  }

  @Test func `a past head is what the head was`() async throws {
    let other = try Bench().open(seed: [gateway("default", port: 8080)])
    try await other.write(service("a", "10.0.0.1"), service("b"), route("r", to: "a"))
    let past = try #require(try await store.head(at: 2, .all))
    #expect(past.objects == other.head.objects)
    #expect(past.stamps == other.head.stamps)
    #expect(past.revision == other.head.revision)
    #expect(past.compiled == nil)
  }

  @Test func `the present head is itself`() async throws {
    #expect(try await store.head(at: 4, .all)?.compiled != nil)
    #expect(try await store.head(at: 5, .all) == nil)
    #expect(try await store.head(at: 0, .all) == nil)
  }

  @Test func `of the past only what is wanted is read`() async throws {
    let object = try await store.head(at: 2, .object(ObjectKey(.service, "b")))
    #expect(object?.document.objects.map(\.key.name) == ["b"])
    let gone = try await store.head(at: 3, .object(ObjectKey(.service, "b")))
    #expect(gone?.document.objects.isEmpty == true)
    let page = try await store.head(at: 2, .page(of: .service, after: "", limit: 1))
    #expect(page?.document.names(of: .service) == ["a"])
    let next = try await store.head(at: 2, .page(of: .service, after: "a", limit: 9))
    #expect(next?.document.names(of: .service) == ["b"])
    let later = try await store.head(at: 3, .page(of: .service, after: "a", limit: 9))
    #expect(later?.document.names(of: .service) == [])
  }

  @Test func `two revisions differ by objects, whichever is the older`() async throws {
    let differences = try #require(try await store.differences(from: 1, to: 3))
    #expect(differences.map(\.key.name) == ["r", "a"])
    #expect(differences.allSatisfy { $0.before == nil && $0.after != nil })
    let back = try #require(try await store.differences(from: 4, to: 2))
    #expect(back.map(\.key.name) == ["r", "a", "b", "c"])
    #expect(back.map { $0.after == nil } == [false, false, false, true])
    #expect(try await store.differences(from: 2, to: 2) == [])
    #expect(try await store.differences(from: 2, to: 5) == nil)
  }

  @Test func `what was changed and changed back does not differ`() async throws {
    try await store.write(removal(.service, "c"))
    try await store.write(service("c"))
    #expect(try await store.differences(from: 4, to: 6) == [])
  }

  @Test func `very many writes apart, two revisions differ by the same objects`() async throws {
    let before = store.head.revision.number
    for round in 0..<3 {
      let edits = (0..<900).map { service("s\($0)", "10.0.0.\(round)") }
      let list = Edits(edits)
      _ = try await store.write(WriteRequest(author: "ada") { _ in list.list })
    }
    let differences = try await store.differences(from: before, to: store.head.revision.number)
    #expect(differences?.count == 900)
    let last = try await store.differences(from: before + 2, to: before + 3)
    #expect(last?.count == 900)
  }

  @Test func `an object's history is every revision that changed it, newest first`() async throws {
    try await store.write(removal(.service, "a"))
    let history = try #require(
      try await store.history(of: ObjectKey(.service, "a"), before: nil, limit: 9)
    )
    #expect(history.map(\.revision.number) == [5, 3, 2])
    #expect(history.map { $0.entry.before == nil } == [false, false, true])
    #expect(history.map { $0.entry.after == nil } == [true, false, false])
    let older = try await store.history(of: ObjectKey(.service, "a"), before: 5, limit: 1)
    #expect(older?.map(\.revision.number) == [3])
    #expect(try await store.history(of: ObjectKey(.service, "a"), before: 2, limit: 1) == [])
    #expect(try await store.history(of: ObjectKey(.service, "z"), before: nil, limit: 1) == nil)
  }
}
