import Model
import Testing

@testable import Store

/// Statements that a shell refuses or that change nothing of the history.
private let forgeries = [
  "UPDATE revision SET author = 'eve'",
  "UPDATE OR IGNORE revision SET author = 'eve'",
  "UPDATE OR REPLACE revision SET number = 2 WHERE number = 3",
  "DELETE FROM revision",
  "DELETE FROM revision WHERE number = 3",
  "INSERT INTO revision VALUES (4, 'change', 'eve', NULL, '', NULL, NULL, 0, 0, 0)",
  "INSERT OR IGNORE INTO revision VALUES (4, 'change', 'eve', NULL, '', NULL, NULL, 0, 0, 0)",
  "INSERT INTO revision VALUES (9, 'direct', 'eve', NULL, '', NULL, NULL, 0, 0, 0)",
  "REPLACE INTO revision VALUES (2, 'change', 'eve', NULL, '', NULL, NULL, 0, 0, 0)",
  "INSERT INTO revision SELECT * FROM revision WHERE true ON CONFLICT DO UPDATE SET author = 'eve'",
  "UPDATE history SET body = '{}'",
  "UPDATE OR REPLACE history SET valid_from = 2",
  "UPDATE OR IGNORE history SET name = 'eve'",
  "DELETE FROM history",
  "DELETE FROM history WHERE name = 's' AND valid_from = 3",
  "INSERT INTO history VALUES ('service', 's', 2, '{}')",
  "REPLACE INTO history VALUES ('service', 's', 2, '{}')",
  "INSERT OR IGNORE INTO history VALUES ('service', 's', 1, '{}')",
  "INSERT INTO history VALUES ('service', 's', 1, NULL)",
  "INSERT INTO history VALUES ('service', 's', 4, '{}')",
  "INSERT INTO history VALUES ('service', 's', 4, NULL)",
  "INSERT INTO history VALUES ('service', 's', 5, '{\"labels\":{\"v\":\"2\"}}')",
  "INSERT INTO history VALUES ('service', 's', 4, '{\"labels\":{\"v\":\"2\"}}')",
  "INSERT INTO history VALUES ('service', 'eve', 4, '{}')",
  "INSERT INTO history VALUES ('endpoint', 's/10.0.0.9:80', 4, '{}')",
  "INSERT INTO history VALUES ('certificate', 'eve', 4, '{}')",
  "INSERT INTO history SELECT * FROM history WHERE true ON CONFLICT DO UPDATE SET body = '{}'",
  "INSERT INTO open_change VALUES ('service', 's', '{}')",
  "INSERT INTO open_change VALUES ('service', 'eve', '{}')",
  "UPDATE object SET name = 'eve'",
  "DELETE FROM object",
  "INSERT INTO object VALUES ('service', 'eve')",
  "INSERT OR IGNORE INTO object VALUES ('service', 'eve')",
  "REPLACE INTO object VALUES ('service', 'eve')",
]

@Suite struct HistoryGuardTests {
  private let bench: Bench
  private let store: Store<Bench.Served>

  init() async throws {
    bench = try Bench()
    store = try bench.open(seed: [gateway("default", port: 8080)])
    try await store.write(service("s", "10.0.0.1", labels: ["v": "1"]), route("r", to: "s"))
    try await store.write(service("s", "10.0.0.1", labels: ["v": "2"]))
  }

  @Test(arguments: forgeries, ["", "PRAGMA recursive_triggers = on; PRAGMA foreign_keys = on;"])
  func `the shell cannot forge the history`(_ sql: String, _ settings: String) async throws {
    let before = try await bench.shell(Bench.allHistory).output
    #expect(try await !bench.shell(settings + sql).succeeded)
    #expect(try await bench.shell(Bench.allHistory).output == before)
  }

  @Test(arguments: [
    "DELETE FROM history WHERE valid_from = 4",
    "UPDATE history SET valid_from = 3 WHERE valid_from = 4",
    "REPLACE INTO history SELECT kind, name, 4, '{}' FROM history WHERE valid_from = 4",
    "REPLACE INTO history SELECT kind, name, 4, NULL FROM history WHERE valid_from = 4",
  ])
  func `the shell cannot hide what it wrote`(_ sql: String) async throws {
    try await bench.run("UPDATE service SET spec = '{}'")
    let before = try await bench.shell(Bench.allHistory).output
    #expect(try await !bench.shell(sql).succeeded)
    #expect(try await bench.shell(Bench.allHistory).output == before)
  }

  @Test(arguments: [
    "REPLACE INTO service VALUES ('s', '{}')",
    "INSERT INTO service VALUES ('s', '{}') ON CONFLICT DO UPDATE SET spec = excluded.spec",
    "UPDATE OR REPLACE service SET spec = '{}'",
    "UPDATE OR IGNORE service SET spec = '{}'",
  ])
  func `however the shell writes an object, the history has it`(_ sql: String) async throws {
    try await bench.run(sql)
    _ = try await store.takeUpDirectWrites()
    let detail = try #require(try await store.revision(4))
    #expect(detail.revision.kind == .direct)
    #expect(detail.entries.map(\.key) == [ObjectKey(.service, "s")])
    #expect(detail.entries.first?.before?["labels"] == ["v": "2"])
    #expect(detail.entries.first?.after?["labels"] == nil)
  }
}
