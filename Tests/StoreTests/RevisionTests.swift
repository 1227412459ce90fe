import GRDB
import Model
import Testing

@testable import Store

@Test func `revisions are listed newest first with their counts`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try await store.write(service("s", "10.0.0.1"), service("t"))
  try await store.write(service("s"), removal(.service, "t"), service("u"))
  let revisions = try await store.revisions(before: nil, limit: 2)
  #expect(revisions.map(\.revision.number) == [3, 2])
  #expect(revisions.map(\.counts) == [.init(added: 1, changed: 1, removed: 1), .init(added: 2)])
  #expect(try await store.revisions(before: 2, limit: 9).map(\.revision.number) == [1])
}

@Test func `a revision tells each object before and after`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try await store.write(service("s", "10.0.0.1"), service("t"))
  try await store.write(service("s", "::1"), removal(.service, "t"))
  let detail = try #require(try await store.revision(3))
  #expect(detail.revision == store.head.revision)
  #expect(
    detail.entries == [
      .init(
        key: ObjectKey(.service, "s"),
        before: ["endpoints": [["address": "10.0.0.1", "port": 80]]],
        after: ["endpoints": [["address": "::1", "port": 80]]]
      ),
      .init(key: ObjectKey(.service, "t"), before: ["endpoints": []], after: nil),
    ]
  )
  #expect(try await store.revision(4) == nil)
}

@Test func `a message and what was rolled back to are kept`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  let request = WriteRequest<Bench.Served>(
    author: "ada",
    message: "Back.",
    kind: .rollback(of: 1)
  ) { _ in [service("s")] }
  _ = try await store.write(request)
  try store.close()
  let revision = try bench.open().head.revision
  #expect(revision.kind == .rollback(of: 1))
  #expect(revision.message == "Back.")
}

@Test func `stepping back revision by revision leads through the former documents`() async throws {
  let bench = try Bench()
  let store = try bench.open(seed: [gateway("default", port: 8080)])
  var documents = [store.head.document.json]
  try await store.write(service("s"), service("t"))
  documents.append(store.head.document.json)
  try await store.write(service("s", "10.0.0.1"), removal(.service, "t"))
  var document = store.head.document
  for number in [3, 2] {
    _ = document.apply(try store.stepBack(from: number))
    #expect(document.json == documents[number - 2])
  }
}

@Test func `rolling back takes the edits that differ`() async throws {
  let bench = try Bench()
  let store = try bench.open(seed: [gateway("default", port: 8080)])
  try await store.write(service("s", "10.0.0.1"), service("same"), route("r", to: "s"))
  let then = store.head
  try await store.write(service("s", "10.0.0.2"), service("new"), removal(.route, "r"))
  let edits = try #require(try store.edits(to: 2, from: store.head))
  #expect(edits.map(\.key.name) == ["r", "new", "s"])
  let result = try await store.write(
    WriteRequest(author: "ada", kind: .rollback(of: 2)) { head in
      try store.edits(to: 2, from: head) ?? []
    }
  )
  #expect(result.head.revision.number == 4)
  #expect(result.head.objects == then.objects)
}

@Test func `there are no edits to a revision that is none`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  #expect(try store.edits(to: 2, from: store.head) == nil)
  #expect(try store.edits(to: 0, from: store.head) == nil)
}

@Test func `rolling back sees what others of its group wrote`() async throws {
  let bench = try Bench()
  let store = try bench.open()
  try await store.write(service("s"))
  let outcomes = try await store.pool.writeWithoutTransaction { database in
    try store.transact(
      [
        WriteRequest(author: "ada") { _ in [service("t")] },
        WriteRequest(author: "ada") { try store.edits(to: 2, from: $0) ?? [] },
      ],
      in: database
    ).map { try $0.get().head }
  }
  #expect(outcomes.map(\.revision.number) == [3, 4])
  #expect(outcomes.last?.document.names(of: .service) == ["s"])
}
