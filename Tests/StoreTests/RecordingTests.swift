import GRDB
import HashTreeCollections
import Model
import Testing

@testable import Store

private let key = IdempotencyKey(
  principal: "ada",
  method: "POST",
  path: "/services",
  key: "k",
  digest: "d"
)

@Suite struct RecordingTests {
  private let bench: Bench
  private let store: Store<Bench.Served>

  init() throws {
    bench = try Bench()
    store = try bench.open(seed: [service("s")])
  }

  private func request(
    _ key: IdempotencyKey = key,
    keeps: Bool = true,
    _ edits: ObjectEdit...
  ) -> WriteRequest<Bench.Served> {
    let edits = Edits(edits)
    var request = WriteRequest<Bench.Served>(author: "ada") { _ in edits.list }
    request.recording = Recording(key: key) { outcome in
      guard keeps else { return nil }
      let revision = try? outcome.get().head.revision.number
      return RecordedAnswer(
        status: revision == nil ? 409 : 201,
        headers: ["a": "b"],
        body: Array("\(revision ?? 0)".utf8)
      )
    }
    return request
  }

  @Test func `the same write again is answered as before, and not made again`() async throws {
    _ = try await store.write(request(key, service("t")))
    try await store.write(removal(.service, "t"))
    let again = await #expect(throws: AnsweredBefore.self) {
      try await store.write(request(key, service("t")))
    }
    #expect(again?.answer == .init(status: 201, headers: ["a": "b"], body: Array("2".utf8)))
    #expect(store.head.document.services["t"] == nil)
  }

  @Test func `a refusal is kept too, and outlives the process`() async throws {
    await #expect(throws: Refusal.self) {
      try await store.write(request(key, route("r", to: "none")))
    }
    try store.close()
    let again = await #expect(throws: AnsweredBefore.self) {
      try await bench.open().write(request(key, service("t")))
    }
    #expect(again?.answer.status == 409)
  }

  @Test func `a key is not kept without its write`() async throws {
    store.pool.add(transactionObserver: CommitRefuser(times: 1), extent: .databaseLifetime)
    await #expect(throws: StoreUnavailable.self) {
      try await store.write(request(key, service("t")))
    }
    #expect(try await store.write(request(key, service("t"))).head.revision.number == 2)
    await #expect(throws: AnsweredBefore.self) {
      try await store.write(request(key, service("t")))
    }
  }

  @Test func `what is not to be kept may be tried again`() async throws {
    await #expect(throws: Refusal.self) {
      try await store.write(request(key, keeps: false, route("r", to: "none")))
    }
    #expect(try await store.write(request(key, service("t"))).head.revision.number == 2)
  }

  @Test func `another request under the same key is refused`() async throws {
    _ = try await store.write(request(key, service("t")))
    var other = key
    other.digest = "e"
    await #expect(throws: KeyReused.self) { try await store.write(request(other, service("u"))) }
    #expect(store.head.revision.number == 2)
  }

  @Test(arguments: [\IdempotencyKey.principal, \.method, \.path, \.key])
  func `the key is another by whom, how, where and what`(
    part: any WritableKeyPath<IdempotencyKey, String> & Sendable
  ) async throws {
    _ = try await store.write(request(key, service("t")))
    var other = key
    other[keyPath: part] = "x"
    #expect(try await store.write(request(other, service("u"))).head.revision.number == 3)
  }

  @Test func `two of one group with the same key are one write`() async throws {
    let outcomes = await store.writeTogether([
      request(key, service("t")), request(key, service("t")),
    ])
    #expect(try outcomes[0].get().head.revision.number == 2)
    #expect(throws: AnsweredBefore.self) { try outcomes[1].get() }
  }

  @Test func `a dry run spends no key`() async throws {
    var dry = request(key, service("t"))
    dry.isDryRun = true
    _ = try await store.write(dry)
    #expect(try await store.write(request(key, service("t"))).head.revision.number == 2)
  }

  @Test func `after a day the key is forgotten`() async throws {
    _ = try await store.write(request(key, service("t")))
    try await bench.run("UPDATE idempotency SET at = at - 86340")
    await #expect(throws: AnsweredBefore.self) {
      try await store.write(request(key, service("t")))
    }
    try await bench.run("UPDATE idempotency SET at = at - 60")
    #expect(try await store.write(request(key, service("u"))).head.revision.number == 3)
    let (_, count) = try await bench.shell("SELECT count(*) FROM idempotency")
    #expect(count == "1\n")
  }
}
