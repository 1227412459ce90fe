import HTTPTypes
import Model
import Testing

struct ConfigTests {
  static let yaml: HTTPFields = [.contentType: "application/yaml"]

  /// A service, and a route to it.
  private static func serve(_ body: @Sendable (API) async throws -> Void) async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/users", ObjectTests.service)
      try await api.send(.put, "/routes/api", ObjectTests.route)
      try await body(api)
    }
  }

  @Test func `GET is the document, tagged with the revision`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(.get, "/config")
      #expect(answer["ETag"] == "\"3\"")
      #expect(answer.json == api.document.json)
    }
  }

  @Test(arguments: ["application/yaml", "text/yaml", "text/html, application/yaml;q=0.5, */*;q=0"])
  func `GET is YAML for those who accept only that`(accept: String) async throws {
    try await Self.serve { api in
      let answer = try await api.send(.get, "/config", headers: [.accept: accept])
      #expect(answer["Content-Type"] == "application/yaml")
      #expect(answer["ETag"] == "\"3-yaml\"")
      #expect(try JSONValue(yaml: answer.body) == api.document.json)
    }
  }

  @Test func `what GET returned can be PUT back, in JSON and in YAML`() async throws {
    try await Self.serve { api in
      let json = try await api.send(.get, "/config")
      #expect(try await api.send(.put, "/config", json.text).json["changes"] == [])
      let yaml = try await api.send(.get, "/config", headers: [.accept: "application/yaml"])
      let answer = try await api.send(.put, "/config", yaml.text, headers: Self.yaml)
      #expect(answer.json == ["revision": 3, "changes": []])
    }
  }

  @Test func `PUT leaves the sections alone that it does not name`() async throws {
    try await Self.serve { api in
      let body = "services: {users: {protocol: http2}, other: {}}"
      let answer = try await api.send(.put, "/config", body, headers: Self.yaml)
      #expect(answer.status == 200)
      #expect(answer["ETag"] == "\"4\"")
      #expect(
        answer.json["changes"] == [
          ["kind": "service", "name": "other", "op": "added"],
          ["kind": "service", "name": "users", "op": "changed"],
        ]
      )
      #expect(api.document.names(of: .route) == ["api"])
    }
  }

  @Test func `PUT of an empty section empties it`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(.put, "/config", #"{"routes": {}}"#)
      #expect(answer.json["changes"] == [["kind": "route", "name": "api", "op": "removed"]])
    }
  }

  @Test func `PUT without pruning keeps the objects that it does not name`() async throws {
    try await Self.serve { api in
      let body = #"{"services": {"other": {}}}"#
      let answer = try await api.send(.put, "/config?prune=false", body)
      #expect(answer.json["changes"] == [["kind": "service", "name": "other", "op": "added"]])
      try await api.expect(409, .put, "/config?prune=true", body)
      #expect(
        try await api.send(.put, "/config?prune=maybe", body).errors == ["prune invalid_value"]
      )
    }
  }

  @Test func `PATCH adds, re-points and removes in one revision`() async throws {
    try await Self.serve { api in
      let patch = """
        {"services": {"users": null, "people": {"endpoints": []}},
         "routes": {"api": {"service": "people"}}}
        """
      let answer = try await api.send(
        .patch,
        "/config",
        patch,
        headers: [.contentType: "application/merge-patch+json"]
      )
      #expect(answer.status == 200)
      #expect(answer.json["revision"] == 4)
      #expect(api.revision == 4)
      #expect(api.document.names(of: .service) == ["people"])
    }
  }

  @Test func `one call is pushed once, however many objects it changes`() async throws {
    try await Self.serve { api in
      let before = try #require(api.posting)
      let services = (0..<100).map { #""s\#($0)": {}"# }.joined(separator: ", ")
      try await api.expect(
        200,
        .patch,
        "/config",
        #"{"services": {\#(services)}, "routes": {"api": {"service": "s0"}}}"#
      )
      #expect(api.revision == 4)
      #expect(api.posting == before + 1)
    }
  }

  private static let idle: [(HTTPRequest.Method, String, String?)] = [
    (.put, "/services/users", ObjectTests.service), (.patch, "/services/users", "{}"),
    (.put, "/services/users/endpoints/10.0.0.1:80", "{}"),
    (.patch, "/services/users/endpoints/10.0.0.1:80", #"{"weight": null}"#),
    (.put, "/config", #"{"routes": {"api": \#(ObjectTests.route)}}"#), (.patch, "/config", "{}"),
    (.post, "/revisions/3/rollback", nil),
  ]

  @Test(arguments: idle)
  func `what changes nothing is 200, makes no revision and pushes nothing`(
    method: HTTPRequest.Method,
    uri: String,
    body: String?
  ) async throws {
    try await Self.serve { api in
      let before = api.posting
      let answer = try await api.send(method, uri, body, headers: [.message: "Nothing"])
      #expect(answer.status == 200, "\(answer.text)")
      #expect(answer["Chancery-Revision"] == "3")
      #expect(api.revision == 3)
      #expect(api.posting == before)
    }
  }

  @Test func `PATCH with null for a section removes all of it`() async throws {
    try await Self.serve { api in
      try await api.send(.patch, "/config", "routes: null", headers: Self.yaml)
      #expect(api.document.names(of: .route) == [])
    }
  }

  @Test func `PATCH that removes what is not there changes nothing`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(.patch, "/config", #"{"services": {"nobody": null}}"#)
      #expect(answer.json == ["revision": 3, "changes": []])
    }
  }

  @Test(arguments: [HTTPRequest.Method.put, .patch])
  func `every fault is told by its place in the document`(method: HTTPRequest.Method) async throws {
    try await Self.serve { api in
      let body = """
        {"services": {"a/b": {}, "c": {"endpoints": [{"address": "::1", "port": "x"}]}},
         "routes": [], "things": {}}
        """
      let answer = try await api.send(method, "/config", body)
      #expect(answer.status == 422)
      #expect(
        answer.errors == [
          "/routes wrong_type", "/services/a~1b invalid_value",
          "/services/c/endpoints/0/port wrong_type", "/things unknown_field",
        ]
      )
      #expect(api.revision == 3)
    }
  }

  @Test func `an unknown reference is told by its place in the document`() async throws {
    try await Self.serve { api in
      let body = #"{"routes": {"api": {"service": "nobody"}}}"#
      let answer = try await api.send(.patch, "/config", body)
      #expect(answer.errors == ["/routes/api/service unknown_reference"])
    }
  }
}
