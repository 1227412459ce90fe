import HTTPTypes
import Model
import Testing

/// `POST /revisions/{n}/revert`.
struct RevertTests {
  /// Revision 2 makes services `a` and `b`, 3 and 4 change one field each of `a`.
  private static func serve(_ body: @Sendable (API) async throws -> Void) async throws {
    try await API.serve { api in
      try await api.expect(200, .patch, "/config", #"{"services": {"a": {}, "b": {}}}"#)
      try await api.expect(200, .patch, "/services/a", #"{"protocol": "http2"}"#)
      try await api.expect(200, .patch, "/services/a", #"{"connect_timeout": "7s"}"#)
      try await body(api)
    }
  }

  @Test func `one revision is undone, and the later ones stay`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(.post, "/revisions/3/revert")
      #expect(answer.status == 201)
      #expect(answer["Location"] == "/revisions/5")
      #expect(answer["Chancery-Revision"] == "5")
      #expect(answer.json["number"] == 5)
      #expect(answer.json["kind"] == "change")
      #expect(answer.json["message"] == "Revert revision 3.")
      let change = try #require(answer.json["changes"]?.elements.first)
      #expect(change["kind"] == "service")
      #expect(change["name"] == "a")
      #expect(change["op"] == "changed")
      #expect(
        api.document.json["services"]?["a"] == ["connect_timeout": "7s", "endpoints": []]
          || api.document.json["services"]?["a"] == ["connect_timeout": "7s"]
      )
    }
  }

  @Test func `the message can be another`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(
        .post,
        "/revisions/3/revert",
        headers: [.message: "It was a bad idea"]
      )
      #expect(answer.json["message"] == "It was a bad idea")
    }
  }

  @Test func `what is undone already makes no revision`() async throws {
    try await Self.serve { api in
      try await api.expect(201, .post, "/revisions/3/revert")
      let answer = try await api.send(.post, "/revisions/3/revert")
      #expect(answer.status == 200)
      #expect(answer["Location"] == nil)
      #expect(answer.json["number"] == 5)
      #expect(answer.json["changes"] == [])
      #expect(api.revision == 5)
    }
  }

  @Test func `a later change in the way is 409, with a pointer to each place`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(.post, "/revisions/2/revert")
      #expect(answer.status == 409)
      #expect(answer.code == "conflict")
      #expect(answer.errors == ["/services/a changed_since"])
      #expect(api.revision == 4)
    }
  }

  @Test func `each endpoint is a thing of its own, the first one too`() async throws {
    try await Self.serve { api in
      for port in [80, 81] {
        try await api.expect(201, .put, "/services/a/endpoints/10.0.0.1:\(port)", "{}")
      }
      try await api.expect(201, .post, "/revisions/5/revert")
      let rest = try await api.send(.get, "/services/a/endpoints").json["items"]?.elements
      #expect(rest?.map { $0["id"] } == ["10.0.0.1:81"])
      try await api.expect(201, .post, "/revisions/6/revert")
      try await api.expect(201, .post, "/revisions/8/revert")
      let again = try await api.send(.get, "/services/a/endpoints").json["items"]?.elements
      #expect(again?.map { $0["id"] } == ["10.0.0.1:81"])
    }
  }

  @Test func `what others came to refer to is not taken from under them`() async throws {
    try await Self.serve { api in
      try await api.expect(201, .put, "/services/c", "{}")
      try await api.expect(
        201,
        .put,
        "/routes/r",
        #"{"match": {"prefix": "/"}, "service": "c"}"#
      )
      let answer = try await api.send(.post, "/revisions/5/revert")
      #expect(answer.status == 409)
      #expect(answer.errors == ["/routes/r still_referenced"])
    }
  }

  @Test(arguments: [("0", 404), ("5", 404), ("x", 422), ("99999999999999999999", 404)])
  func `a revision that there is not is refused`(number: String, status: Int) async throws {
    try await Self.serve { api in
      let answer = try await api.send(.post, "/revisions/\(number)/revert")
      #expect(answer.status == status)
      #expect(answer.code == (status == 404 ? "no_such_revision" : "invalid"))
    }
  }

  @Test func `it is judged on the tag of the document`() async throws {
    try await Self.serve { api in
      try await api.expect(412, .post, "/revisions/3/revert", headers: [.ifMatch: #""3""#])
      try await api.expect(201, .post, "/revisions/3/revert", headers: [.ifMatch: #""4""#])
    }
  }
}
