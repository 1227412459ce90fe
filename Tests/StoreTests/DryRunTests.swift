import HashTreeCollections
import Model
import Testing

@testable import Store

@Suite struct DryRunTests {
  private let bench: Bench
  private let store: Store<Bench.Served>

  init() async throws {
    bench = try Bench()
    store = try bench.open(seed: [service("s")])
  }

  private func request(_ edits: ObjectEdit...) -> WriteRequest<Bench.Served> {
    let edits = Edits(edits)
    var request = WriteRequest<Bench.Served>(author: "ada") { _ in edits.list }
    request.isDryRun = true
    return request
  }

  @Test func `a dry run tells what the write would do, and does nothing`() async throws {
    let before = try await bench.shell(Bench.allObjects + Bench.allHistory)
    let result = try await store.write(request(service("t"), removal(.service, "s")))
    #expect(result.head.revision.number == 2)
    #expect(result.head.compiled?.keys.map(\.name) == ["t"])
    #expect(Set(result.change.edits.keys.map(\.name)) == ["s", "t"])
    #expect(store.head.revision.number == 1)
    #expect(bench.groups.isEmpty)
    #expect(try await bench.shell(Bench.allObjects + Bench.allHistory) == before)
  }

  @Test func `a dry run is refused like the write`() async throws {
    await #expect(throws: Refusal.self) { try await store.write(request(route("r", to: "none"))) }
  }

  @Test func `beside a dry run, the others of the group are written on what was there`()
    async throws
  {
    let outcomes = await store.writeTogether([
      request(removal(.service, "s")), WriteRequest(route("r", to: "s")),
    ])
    #expect(try outcomes.map { try $0.get().head.revision.number } == [2, 2])
    #expect(store.head.document.services["s"] != nil)
  }
}
