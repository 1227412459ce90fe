import HTTPTypes
import Model
import Store
import Subprocess
import Testing

/// What is answered of an object that another version stored, and this one does not understand.
struct UnreadableTests {
  /// A database with the service `old` of a later version, and the service `new`.
  private static func prepare(_ path: String) async throws {
    try API.open(path).close()
    let statement = try await shell(
      path,
      "SELECT sql FROM sqlite_schema WHERE name = 'revision_sealed'"
    )
    try await shell(
      path,
      """
      INSERT INTO service VALUES ('old', '{"of": "the future"}'), ('new', '{}');
      INSERT INTO endpoint VALUES ('old', '10.0.0.1:80', '{}');
      DROP TRIGGER revision_sealed;
      INSERT INTO revision (number, kind, author, at, added, changed, removed)
      VALUES (2, 'change', 'a later version', '2030-01-01T00:00:00.000Z', 2, 0, 0);
      \(statement);
      """
    )
  }

  /// What the real `sqlite3` command says.
  @discardableResult
  private static func shell(_ path: String, _ sql: String) async throws -> String {
    let result = try await Subprocess.run(
      .name("sqlite3"),
      arguments: ["-bail", path, sql],
      output: .string(limit: 1 << 20),
      error: .combinedWithOutput
    )
    try #require(result.terminationStatus.isSuccess)
    return result.standardOutput
  }

  @Test(arguments: [
    "/config", "/services", "/services/old", "/services/old/endpoints",
    "/services/old/endpoints/10.0.0.1:80", "/xds/clusters", "/xds/clusters?at=2",
  ])
  func `what would lack it is not answered`(_ path: String) async throws {
    try await API.serve(prepare: Self.prepare) { api in
      let answer = try await api.send(.get, path)
      #expect(answer.status == 503)
      #expect(answer.code == "unavailable")
      #expect(answer.json["detail"]?.string?.contains("/services/old.") == true)
      #expect(answer.errors.contains("/services/old/of unknown_field"))
    }
  }

  @Test(arguments: ["/services/new", "/gateways", "/routes", "/revisions"])
  func `all else is answered`(_ path: String) async throws {
    try await API.serve(prepare: Self.prepare) { try await $0.expect(200, .get, path) }
  }

  @Test func `it is not changed in part, nor made anew`() async throws {
    try await API.serve(prepare: Self.prepare) { api in
      let part = #"{"labels": {"a": "b"}}"#
      let merge: HTTPFields = [.contentType: "application/merge-patch+json"]
      try await api.expect(503, .patch, "/services/old", part, headers: merge)
      let config = #"{"services": {"old": \#(part)}}"#
      try await api.expect(503, .patch, "/config", config, headers: merge)
      try await api.expect(503, .put, "/services/old/endpoints/10.0.0.2:80", "{}")
      try await api.expect(409, .post, "/services", #"{"name": "old"}"#)
      #expect(api.revision == 2)
    }
  }

  @Test func `replacing it mends the document`() async throws {
    try await API.serve(prepare: Self.prepare) { api in
      try await api.expect(200, .put, "/services/old", "{}")
      try await api.expect(200, .get, "/config")
    }
  }

  @Test func `deleting it mends the document`() async throws {
    try await API.serve(prepare: Self.prepare) { api in
      try await api.expect(204, .delete, "/services/old")
      try await api.expect(200, .get, "/config")
    }
  }
}
