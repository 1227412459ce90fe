import HashTreeCollections
import Model
import Testing

@testable import Store

@Suite struct DirectTests {
  private let bench: Bench
  private let store: Store<Bench.Served>

  init() async throws {
    bench = try Bench()
    store = try bench.open(seed: [gateway("default", port: 8080)])
    try await store.write(service("s", "10.0.0.1", "10.0.0.2"), service("t"), route("r", to: "s"))
  }

  @Test func `what the shell writes is a direct revision`() async throws {
    try await bench.run(
      "UPDATE service SET spec = '{\"labels\": {\"team\": \"a\"}}' WHERE name = 's'"
    )
    _ = try await store.takeUpDirectWrites()
    let head = store.head
    #expect(head.revision.number == 3)
    #expect(head.revision.kind == .direct)
    #expect(head.revision.author == "sql")
    #expect(head.revision.faults.isEmpty)
    #expect(head.document.services["s"]?.labels == ["team": "a"])
    #expect(head.document.services["s"]?.endpoints.count == 2)
    #expect(head.compiled == head.objects)
    #expect(head.stamps[ObjectKey(.service, "s")]?.updated.revision == 3)
    #expect(bench.groups == [[2], [3]])
  }

  @Test(.timeLimit(.minutes(5)))
  func `a running store takes up what the shell writes by itself`() async throws {
    let running = Task { [store] in try await store.run() }
    try await bench.run("DELETE FROM endpoint WHERE service = 's' AND id = '10.0.0.1:80'")
    for await head in bench.commits where head.revision.kind == .direct {
      #expect(head.document.services["s"]?.endpoints.map(\.id) == ["10.0.0.2:80"])
      break
    }
    running.cancel()
    try await running.value
  }

  @Test func `what others write between two looks is one revision`() async throws {
    try await bench.run("INSERT INTO service VALUES ('a', '{}')")
    try await bench.run("INSERT INTO service VALUES ('b', '{}')")
    _ = try await store.takeUpDirectWrites()
    #expect(store.head.revision.number == 3)
    let counts = try await store.revisions(before: nil, limit: 1).map(\.counts)
    #expect(counts == [.init(added: 2)])
  }

  @Test func `what is changed and changed back is no revision`() async throws {
    try await bench.run("INSERT INTO service VALUES ('a', '{}')")
    try await bench.run("UPDATE service SET spec = '{\"protocol\": \"http2\"}' WHERE name = 't'")
    try await bench.run("DELETE FROM service WHERE name = 'a'")
    try await bench.run("UPDATE service SET spec = '{}' WHERE name = 't'")
    _ = try await store.takeUpDirectWrites()
    #expect(store.head.revision.number == 2)
  }

  @Test func `a write is made on what the shell wrote before it`() async throws {
    try await bench.run("INSERT INTO service VALUES ('a', '{}')")
    let result = try await store.write(route("new", to: "a"))
    #expect(result.head.revision.number == 4)
    #expect(try await store.revision(3)?.revision.kind == .direct)
    #expect(bench.groups == [[2], [3, 4]])
  }

  @Test func `what was written while nobody looked is taken up at the start`() async throws {
    try store.close()
    try await bench.run("INSERT INTO service VALUES ('a', '{}')")
    let head = try bench.open().head
    #expect(head.revision.kind == .direct)
    #expect(head.document.services["a"] != nil)
    #expect(head.compiled == head.objects)
  }

  @Test func `another spelling of the same is a revision without a change`() async throws {
    try await bench.run("UPDATE service SET spec = ' { } ' WHERE name = 't'")
    _ = try await store.takeUpDirectWrites()
    #expect(store.head.revision.number == 3)
    #expect(store.head.compiled == store.head.objects)
    try await store.write(service("t", labels: ["a": "b"]))
    #expect(
      try await bench.shell("SELECT spec FROM service WHERE name = 't'").output.hasPrefix(
        "{\"labels"
      )
    )
  }

  @Test(arguments: [
    ("INSERT INTO service VALUES ('Bad_Name', '{}')", "/services/Bad_Name"),
    ("UPDATE service SET spec = '{\"colour\": \"red\"}' WHERE name = 's'", "/services/s/colour"),
    ("UPDATE service SET spec = '{\"endpoints\": []}'", "/services/s/endpoints"),
    ("INSERT INTO endpoint (service, id) VALUES ('s', 'nowhere')", "/services/s/endpoints/nowhere"),
    ("INSERT INTO endpoint (service, id) VALUES ('t', 'A.b:80')", "/services/t/endpoints/A.b:80"),
    (
      "INSERT INTO endpoint VALUES ('t', 'a.b:80', '{\"weight\": 0}')",
      "/services/t/endpoints/a.b:80/weight"
    ),
    ("INSERT INTO gateway VALUES ('other', '{\"port\": 8080}')", "/gateways/other/port"),
    (
      """
      DELETE FROM route; DELETE FROM service; DELETE FROM gateway WHERE name = 'default';
      INSERT INTO service VALUES ('s', '{"protocol": 7}');
      """,
      "/services/s/protocol"
    ),
  ])
  func `what cannot be served is kept, marked and taken back`(_ sql: String, _ pointer: String)
    async throws
  {
    let before = store.head
    let tables = try await bench.shell(Bench.allObjects).output
    try await bench.run(sql)
    let written = try await bench.shell(Bench.allObjects).output
    _ = try await store.takeUpDirectWrites()
    let head = store.head
    #expect(head.revision.number == 4)
    #expect(head.revision.kind == .repair)
    #expect(head.objects == before.objects)
    #expect(head.compiled == before.compiled)
    #expect(bench.groups == [[2], [4]])
    #expect(try await bench.shell(Bench.allObjects).output == tables)
    let direct = try #require(try await store.revision(3))
    #expect(direct.revision.kind == .direct)
    #expect(direct.revision.faults.map(\.pointer).contains(pointer))
    #expect(!direct.entries.isEmpty)
    #expect(written != tables)
    try store.close()
    let again = try bench.open().head
    #expect(again.objects == head.objects)
    #expect(again.stamps == head.stamps)
  }

  @Test func `deleting a service deletes its endpoints`() async throws {
    try await bench.run("DELETE FROM route; DELETE FROM service WHERE name = 's'")
    _ = try await store.takeUpDirectWrites()
    #expect(try await bench.shell("SELECT * FROM endpoint").output == "")
    #expect(store.head.document.names(of: .service) == ["t"])
    let again = try await store.write(service("s"))
    #expect(again.head.document.services["s"]?.endpoints.isEmpty == true)
    #expect(again.head.stamps[ObjectKey(.service, "s")]?.created.revision == 4)
  }

  @Test func `replacing a service keeps its endpoints`() async throws {
    try await bench.run("REPLACE INTO service VALUES ('s', '{\"protocol\": \"http2\"}')")
    _ = try await store.takeUpDirectWrites()
    #expect(store.head.document.services["s"]?.httpVersion == .http2)
    #expect(store.head.document.services["s"]?.endpoints.count == 2)
  }

  @Test(arguments: [
    "DELETE FROM service WHERE name = 's'",
    "PRAGMA recursive_triggers = on; REPLACE INTO service VALUES ('s', '{}')",
    "INSERT INTO route VALUES ('x', '{\"service\": \"missing\"}')",
    "INSERT INTO route VALUES ('x', '{\"backends\": [{\"service\": \"missing\"}]}')",
    "INSERT INTO route VALUES ('x', '{\"gateways\": [\"missing\"]}')",
    "UPDATE route SET spec = json_set(spec, '$.service', 'missing')",
    "REPLACE INTO route VALUES ('r', '{\"service\": \"missing\"}')",
    "INSERT OR IGNORE INTO route VALUES ('x', '{\"service\": \"missing\"}')",
    "UPDATE OR IGNORE route SET spec = json_set(spec, '$.service', 'missing')",
    "UPDATE route SET spec = json_set(spec, '$.gateways', json('[\"default\"]'));"
      + "DELETE FROM gateway WHERE name = 'default'",
    "INSERT INTO endpoint (service, id) VALUES ('missing', '10.0.0.1:80')",
    "UPDATE service SET name = 'u' WHERE name = 't'",
    "UPDATE OR REPLACE service SET name = 's' WHERE name = 't'",
    "UPDATE gateway SET name = 'other'",
    "UPDATE route SET name = 'other'",
    "UPDATE endpoint SET service = 't'",
    "UPDATE endpoint SET id = '10.0.0.3:80' WHERE id = '10.0.0.1:80'",
    "INSERT INTO service VALUES ('a', 'no JSON')",
    "INSERT INTO service VALUES ('a', '[]')",
    "INSERT INTO service VALUES ('a/b', '{}')",
    "INSERT INTO service VALUES ('ä', '{}')",
    "INSERT INTO service VALUES (CAST(x'ff' AS TEXT), '{}')",
    "INSERT INTO gateway VALUES ('a' || char(0), '{}')",
    "INSERT INTO route VALUES ('a' || char(10), '{}')",
    "INSERT INTO endpoint (service, id) VALUES ('s', CAST(x'61ff' AS TEXT))",
    "DELETE FROM reference",
    "INSERT INTO reference VALUES ('service', 't', 'r')",
    "UPDATE reference SET name = 't'",
  ])
  func `the shell cannot break a reference, a name or JSON`(_ sql: String) async throws {
    #expect(try await !bench.shell(sql).succeeded)
    _ = try await store.takeUpDirectWrites()
    let document = store.head.document
    #expect(document.names(of: .service) == ["s", "t"])
    #expect(document.routes["r"]?.references.map(\.service) == ["s"])
    #expect(document.services["s"]?.endpoints.count == 2)
    #expect(try await store.revision(4) == nil)
  }

  @Test func `two of Chancery on one file follow each other`() async throws {
    let other = try bench.open()
    try await other.write(service("a"))
    let result = try await store.write(service("b"))
    #expect(result.head.revision.number == 4)
    #expect(result.head.document.names(of: .service) == ["a", "b", "s", "t"])
    _ = try await other.takeUpDirectWrites()
    #expect(other.head.objects == result.head.objects)
    #expect(other.head.compiled == other.head.objects)
  }
}
