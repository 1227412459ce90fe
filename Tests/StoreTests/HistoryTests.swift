import Foundation
import GRDB
import HashTreeCollections
import Model
import Testing

@testable import Store

@Test(arguments: [1, 2, 3] as [UInt64])
func `the history has every document as it was written`(_ seed: UInt64) async throws {
  let bench = try Bench()
  var store = try bench.open(seed: [gateway("default", port: 8080)])
  let shell = try DatabaseQueue(path: bench.path)
  var random = SplitMix(state: seed)
  var written = [1: store.head.objects]
  for step in 0..<250 {
    if step % 5 == 4 {
      let sql = randomSQL(&random)
      try await shell.write { try $0.execute(sql: sql) }
      _ = try await store.takeUpDirectWrites()
    } else {
      let edits = Edits(randomEdits(store.head.document, &random))
      _ = try? await store.write(WriteRequest(author: "ada") { _ in edits.list })
    }
    written[store.head.revision.number] = store.head.objects
    #expect(store.head.compiled == store.head.objects)
    if step % 50 == 49 {
      let head = store.head
      try store.close()
      store = try bench.open()
      #expect(store.head.objects == head.objects)
      #expect(store.head.stamps == head.stamps)
    }
  }
  try await expect(store, has: written)
}

/// Checks the documents, the edits to them, and the tables against the history.
private func expect(
  _ store: Store<Bench.Served>,
  has written: [Int: Bench.Served]
) async throws {
  let head = store.head
  #expect(head.revision.number > 100)
  #expect(try await store.revisions(before: nil, limit: .max).count == head.revision.number)
  for (number, objects) in written {
    let stored = try await store.pool.read { try $0.objects(at: number) }
    let read = stored.compactMap { key, object in
      object.object(of: key, faults: FaultCollector()).map { (key, $0) }
    }
    #expect(Dictionary(uniqueKeysWithValues: read) == objects)
    var document = head.document
    let change = document.apply(try #require(try store.edits(to: number, from: head)))
    #expect(
      Dictionary(uniqueKeysWithValues: document.objects.map { ($0.key, $0.object) }) == objects
    )
    #expect(
      change.keys.count
        == Set(objects.keys).union(head.objects.keys)
        .filter { objects[$0] != head.objects[$0] }.count
    )
  }
  let faults = try await store.pool.read { database in
    try String.fetchAll(database, sql: "PRAGMA integrity_check")
      + String.fetchAll(database, sql: "SELECT kind || name FROM (\(Bench.differences))")
  }
  #expect(faults == ["ok"])
}

private func randomEdits(_ document: Document, _ random: inout SplitMix) -> [ObjectEdit] {
  (0..<Int.random(in: 1...3, using: &random)).map { _ in
    let name = ["a", "b", "c", "d"].randomElement(using: &random) ?? "a"
    let target = ["a", "b", "c", "d"].randomElement(using: &random) ?? "a"
    let addresses = ["10.0.0.1", "10.0.0.2", "::1"].filter { _ in Bool.random(using: &random) }
    let endpoints = addresses.map {
      Endpoint(address: $0, port: 80, weight: Int.random(in: 1...2, using: &random))
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return removal(.service, name)
    case 1: return removal(.route, name)
    case 2: return route(name, to: target)
    default: return (ObjectKey(.service, name), .service(Service(endpoints: endpoints)))
    }
  }
}

private func randomSQL(_ random: inout SplitMix) -> String {
  let statements = [
    "INSERT OR IGNORE INTO service VALUES ('a', '{}')",
    "REPLACE INTO service VALUES ('e', '{\"labels\": {\"by\": \"sql\"}}')",
    "DELETE FROM service WHERE name = 'e'",
    "UPDATE endpoint SET spec = '{\"weight\": 7}'",
    "DELETE FROM endpoint WHERE id = '10.0.0.1:80'",
    "INSERT OR IGNORE INTO endpoint SELECT name, '10.0.0.9:80', '{}' FROM service",
    "DELETE FROM route WHERE name = 'b'",
    "UPDATE service SET spec = '{\"broken\": true}' WHERE name = 'a'",
    "REPLACE INTO endpoint SELECT name, 'broken', '{}' FROM service; DELETE FROM route",
  ]
  return statements.randomElement(using: &random) ?? statements[0]
}

extension Bench {
  /// Rows of the tables that are not as the history has them last, and the other way round.
  fileprivate static let differences = """
    WITH present (kind, name, body) AS (
      SELECT 'gateway', name, spec FROM gateway UNION ALL
      SELECT 'service', name, spec FROM service UNION ALL
      SELECT 'route', name, spec FROM route UNION ALL
      SELECT 'endpoint', service || '/' || id, spec FROM endpoint
    ), last AS (
      SELECT kind, name, body, max(valid_from) FROM history GROUP BY kind, name
    )
    SELECT kind, name, body FROM present EXCEPT SELECT kind, name, body FROM last
    UNION ALL
    SELECT * FROM (
      SELECT kind, name, body FROM last WHERE body IS NOT NULL
      EXCEPT SELECT kind, name, body FROM present
    )
    """
}

/// Repeatable random numbers (Steele, Lea and Flood's SplitMix64).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
