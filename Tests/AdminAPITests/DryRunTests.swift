import HTTPTypes
import Model
import Store
import Testing

/// `?dry_run=true`.
struct DryRunTests {
  private static let service = #"{"endpoints": [{"address": "10.0.0.1", "port": 80}]}"#
  private static let route = #"{"match": {"prefix": "/"}, "service": "a"}"#

  /// Revision 2 has service `a`, with a route to it in revision 3.
  private static func serve(_ body: @Sendable (API) async throws -> Void) async throws {
    try await API.serve { api in
      try await api.expect(201, .put, "/services/a", service)
      try await api.expect(201, .put, "/routes/r", route)
      try await body(api)
    }
  }

  private static let writes: [(HTTPRequest.Method, String, String?)] = [
    (.post, "/services", #"{"name": "b"}"#), (.put, "/services/b", "{}"),
    (.put, "/services/a", "{}"), (.patch, "/services/a", #"{"protocol": "http2"}"#),
    (.delete, "/routes/r", nil),
    (.post, "/services/a/endpoints", #"{"address": "10.0.0.2", "port": 80}"#),
    (.put, "/services/a/endpoints/10.0.0.3:80", "{}"),
    (.patch, "/services/a/endpoints/10.0.0.1:80", #"{"weight": 2}"#),
    (.delete, "/services/a/endpoints/10.0.0.1:80", nil),
    (.put, "/config", #"{"routes": {}}"#), (.patch, "/config", #"{"services": {"b": {}}}"#),
    (.post, "/revisions/1/rollback", nil), (.post, "/revisions/3/revert", nil),
  ]

  @Test(arguments: writes)
  func `every write can be tried, and then does nothing`(
    method: HTTPRequest.Method,
    uri: String,
    body: String?
  ) async throws {
    try await Self.serve { api in
      let before = api.document.json
      let answer = try await api.send(
        method,
        "\(uri)?dry_run=true",
        body,
        headers: [.prefer: "wait=10"]
      )
      #expect(answer.status == 200)
      #expect(answer.json["changes"]?.elements.isEmpty == false)
      #expect(answer["Chancery-Revision"] == "3")
      #expect(answer["Location"] == nil)
      #expect(answer["ETag"] == nil)
      #expect(answer["Preference-Applied"] == nil)
      #expect(api.revision == 3)
      #expect(api.document.json == before)
      let real = try await api.send(method, "\(uri)?dry_run=false", body)
      #expect([200, 201, 204].contains(real.status))
      #expect(api.revision == 4)
    }
  }

  @Test func `every write of the description takes it`() {
    let writes = Description.shared.operations.filter { operation in
      operation.method != "GET"
    }
    #expect(writes.count >= 24)
    for write in writes {
      let names = (write.value["parameters"]?.elements ?? [])
        .map { Description.shared.resolved($0)["name"] }
      #expect(names.contains("dry_run"), "\(write.method) \(write.path)")
    }
  }

  @Test func `the plan has each object's steps, and the resources that proxies would be sent`()
    async throws
  {
    try await Self.serve { api in
      let body = """
        {"services": {"a": {"endpoints": [{"address": "10.0.0.9", "port": 80}]}, "b": {}},
         "routes": {"s": {"match": {"prefix": "/b"}, "service": "b"}}}
        """
      let answer = try await api.send(.put, "/config?prune=false&dry_run=true", body)
      let changes = answer.json["changes"]?.elements ?? []
      #expect(changes.map { $0["name"] } == ["s", "a", "b"])
      #expect(changes.map { $0["op"] } == ["added", "changed", "added"])
      #expect(
        changes[1]["patch"] == [
          ["op": "replace", "path": "/endpoints/0/address", "value": "10.0.0.9"]
        ]
      )
      #expect(
        answer.json["xds"] == [
          "added": [
            ["type": "clusters", "name": "b"], ["type": "endpoints", "name": "b"],
          ],
          "changed": [
            ["type": "endpoints", "name": "a"], ["type": "routes", "name": "default"],
            ["type": "virtual_hosts", "name": "default/vhds/*"],
          ],
          "removed": [],
        ]
      )
    }
  }

  @Test func `what no proxy would get any more is removed`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(.delete, "/routes/r?dry_run=true")
      #expect(
        answer.json["xds"]?["removed"] == [
          ["type": "clusters", "name": "a"], ["type": "endpoints", "name": "a"],
          ["type": "virtual_hosts", "name": "default/vhds/*"],
        ]
      )
      #expect(answer.json["xds"]?["changed"] == [["type": "routes", "name": "default"]])
    }
  }

  @Test func `a gateway for a new fleet adds what is its own`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(
        .put,
        "/gateways/east?dry_run=true",
        #"{"port": 9000, "fleet": "east"}"#
      )
      #expect(
        answer.json["xds"] == [
          "added": [
            ["type": "listeners", "name": "east/0.0.0.0:9000"],
            ["type": "routes", "name": "east"], ["type": "routes", "name": "east/vhds"],
            ["type": "virtual_hosts", "name": "east/vhds/*"],
          ],
          "changed": [], "removed": [],
        ]
      )
    }
  }

  @Test func `what would change nothing has an empty plan`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(.put, "/services/a?dry_run=true", Self.service)
      #expect(
        answer.json == ["changes": [], "xds": ["added": [], "changed": [], "removed": []]]
      )
    }
  }

  @Test func `a plan comes in YAML too`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(
        .patch,
        "/config?dry_run=true",
        "{}",
        headers: [.accept: "application/yaml"]
      )
      let value = try JSONValue(yaml: answer.body)
      #expect(value["changes"] == [])
    }
  }

  @Test func `what would be refused is refused alike`() async throws {
    try await Self.serve { api in
      for (method, uri, body, status) in [
        (.put, "/services/b", #"{"bogus": 1}"#, 422), (.delete, "/services/a", nil, 409),
        (.post, "/services", #"{"name": "a"}"#, 409),
        (.put, "/routes/s", #"{"match": {"prefix": "/"}, "service": "nobody"}"#, 422),
        (.delete, "/services/nobody", nil, 404), (.post, "/revisions/9/rollback", nil, 404),
        (.put, "/services/b", "{", 400),
      ] as [(HTTPRequest.Method, String, String?, Int)] {
        let tried = try await api.send(method, "\(uri)?dry_run=true", body)
        let real = try await api.send(method, uri, body)
        #expect(tried.status == status)
        #expect(real.status == status)
        #expect(tried.errors == real.errors)
      }
      try await api.expect(
        412,
        .put,
        "/services/a?dry_run=true",
        "{}",
        headers: [.ifMatch: #""1""#]
      )
    }
  }

  @Test func `registering can be tried, and then nothing is registered`() async throws {
    try await Self.serve { api in
      let posting = api.posting
      let new = try await api.send(
        .put,
        "/services/a/registrations/10.0.0.2:80?dry_run=true",
        #"{"weight": 5}"#
      )
      #expect(new.status == 200)
      #expect(
        new.json == [
          "changes": [],
          "xds": ["added": [], "changed": [["type": "endpoints", "name": "a"]], "removed": []],
        ]
      )
      #expect(new["Chancery-Revision"] == "3")
      #expect(new["Location"] == nil)
      #expect(api.posting == posting)
      try await api.expect(404, .get, "/services/a/registrations/10.0.0.2:80")
      try await api.expect(
        404,
        .delete,
        "/services/a/registrations/10.0.0.2:80?dry_run=true"
      )
    }
  }

  @Test func `a renewal and a removal can be tried, and then all is as it was`() async throws {
    try await Self.serve { api in
      let uri = "/services/a/registrations/10.0.0.2:80"
      try await api.expect(201, .put, uri)
      let posting = api.posting
      let none: JSONValue = ["added": [], "changed": [], "removed": []]
      let endpoints: JSONValue = [["type": "endpoints", "name": "a"]]
      #expect(try await api.send(.put, "\(uri)?dry_run=true").json["xds"] == none)
      let other = try await api.send(.put, "\(uri)?dry_run=true", #"{"weight": 5}"#)
      #expect(other.json["xds"]?["changed"] == endpoints)
      let removal = try await api.send(.delete, "\(uri)?dry_run=true")
      #expect(removal.status == 200)
      #expect(removal.json["xds"]?["changed"] == endpoints)
      #expect(api.posting == posting)
      let read = try await api.send(.get, uri)
      #expect(read.json["weight"] == nil)
      try await api.expect(204, .delete, "\(uri)?dry_run=false")
    }
  }

  @Test func `an instance that no proxy would get changes nothing for any`() async throws {
    try await Self.serve { api in
      try await api.expect(201, .put, "/services/unrouted", "{}")
      for id in ["unrouted/registrations/10.0.0.2:80", "a/registrations/10.0.0.1:80"] {
        let answer = try await api.send(.put, "/services/\(id)?dry_run=true")
        #expect(answer.json["xds"] == ["added": [], "changed": [], "removed": []], "\(id)")
      }
    }
  }

  @Test func `what would not be registered is refused alike`() async throws {
    try await Self.serve { api in
      let named = #"{"endpoints": [{"address": "users.internal", "port": 80}]}"#
      try await api.expect(201, .put, "/services/named", named)
      for (uri, status) in [
        ("/services/nobody/registrations/10.0.0.2:80", 404),
        ("/services/named/registrations/10.0.0.2:80", 409),
        ("/services/a/registrations/users.internal:80", 422),
        ("/services/a/registrations/10.0.0.2:80?ttl=25h", 422),
      ] {
        let query = uri.contains("?") ? "&dry_run=true" : "?dry_run=true"
        let tried = try await api.send(.put, uri + query)
        let real = try await api.send(.put, uri)
        #expect([tried.status, real.status] == [status, status], "\(uri)")
        #expect(tried.errors == real.errors)
      }
    }
  }

  @Test func `a token's making and revoking can be tried, and then do nothing`() async throws {
    try await API.serve { api in
      let empty: JSONValue = ["changes": [], "xds": ["added": [], "changed": [], "removed": []]]
      let wish = #"{"name": "ci", "role": "admin"}"#
      let made = try await api.send(.post, "/tokens?dry_run=true", wish)
      #expect(made.status == 200)
      #expect(made.json == empty)
      #expect(api.store.tokens.tokens == [])
      try await api.expect(422, .post, "/tokens?dry_run=true", #"{"name": "ci"}"#)
      try await api.expect(404, .delete, "/tokens/ci?dry_run=true")

      let root = try await api.makeToken("ci", .admin)
      let taken = try await api.send(.post, "/tokens?dry_run=true", wish, headers: root)
      #expect(taken.status == 409)
      #expect(taken.errors == ["/name exists"])
      let revoked = try await api.send(.delete, "/tokens/ci?dry_run=true", headers: root)
      #expect(revoked.status == 200)
      #expect(revoked.json == empty)
      try await api.expect(204, .delete, "/tokens/ci", headers: root)
      try await api.expect(200, .post, "/tokens?dry_run=true", wish)
    }
  }

  @Test(arguments: ["dry_run=", "dry_run=1", "dry_run=TRUE", "dry_run=yes"])
  func `it is true or false`(query: String) async throws {
    try await Self.serve { api in
      let answer = try await api.send(.delete, "/routes/r?\(query)")
      #expect(answer.status == 422)
      #expect(answer.errors == ["dry_run invalid_value"])
      #expect(api.revision == 3)
    }
  }
}
