import Foundation
import HTTPTypes
import Model
import Store
import Testing

struct TokenTests {
  private static func bearer(_ answer: Answer) -> HTTPFields {
    [.authorization: "Bearer \(answer.json["token"]?.string ?? "")"]
  }

  @Test func `a new token is told once, and opens what its role may`() async throws {
    try await API.serve { api in
      let answer = try await api.send(.post, "/tokens", #"{"name": "root", "role": "admin"}"#)
      #expect(answer.status == 201)
      #expect(answer["Location"] == "/tokens/root")
      #expect(answer["Cache-Control"] == "no-store")
      #expect(answer.json["created_by"] == "anonymous")
      let root = Self.bearer(answer)

      let made = try await api.send(
        .post,
        "/tokens",
        #"{"name": "ci", "role": "editor", "expires_at": "2999-01-01T00:00:00Z"}"#,
        headers: root
      )
      #expect(made.json["created_by"] == "root")
      #expect(made.json["expires_at"] == "2999-01-01T00:00:00.000Z")
      try await api.expect(201, .put, "/services/a", "{}", headers: Self.bearer(made))
      try await api.expect(403, .get, "/tokens", headers: Self.bearer(made))

      let list = try await api.send(.get, "/tokens", headers: root)
      #expect(list.json["items"]?.elements.map { $0["name"] } == ["ci", "root"])
      #expect(!list.text.contains("chy_"))
      let one = try await api.send(.get, "/tokens/ci", headers: root)
      #expect(one.json == list.json["items"]?.elements.first)
    }
  }

  @Test func `tokens are listed by name, in pages`() async throws {
    try await API.serve { api in
      let root = try await api.makeToken("root", .admin)
      for name in ["c", "a", "b"] { _ = try await api.makeToken(name, .viewer) }
      var uri: String? = "/tokens?page_size=2"
      var pages: [[JSONValue?]] = []
      while let next = uri {
        let answer = try await api.send(.get, next, headers: root)
        pages.append(answer.json["items"]?.elements.map { $0["name"] } ?? [])
        uri = answer["Link"]?.firstMatch(of: /<(.*)>; rel="next"/).map { String($0.1) }
      }
      #expect(pages == [["a", "b"], ["c", "root"]])
    }
  }

  @Test func `a revoked token is refused at once, and its name is free`() async throws {
    try await API.serve(requiresAuthentication: true) { api in
      let root = try await api.makeToken("root", .admin)
      let ci = try await api.makeToken("ci", .editor)
      let wish = #"{"name": "ci", "role": "viewer"}"#
      let taken = try await api.send(.post, "/tokens", wish, headers: root)
      #expect(taken.status == 409)
      #expect(taken.errors == ["/name exists"])

      try await api.expect(204, .delete, "/tokens/ci", headers: root)
      try await api.expect(401, .get, "/services", headers: ci)
      #expect(try await api.send(.get, "/tokens/ci", headers: root).json["state"] == "revoked")
      try await api.expect(204, .delete, "/tokens/ci", headers: root)
      try await api.expect(404, .delete, "/tokens/nobody", headers: root)
      try await api.expect(201, .post, "/tokens", wish, headers: root)
      try await api.expect(401, .get, "/services", headers: ci)
    }
  }

  @Test(
    arguments: [
      ("[]", [" wrong_type"]),
      ("{}", ["/name required", "/role required"]),
      (
        #"{"name": "A", "role": "god", "expires_at": "soon", "scope": 1}"#,
        [
          "/expires_at invalid_value", "/name invalid_value", "/role invalid_value",
          "/scope unknown_field",
        ]
      ),
      (
        #"{"name": 1, "role": true, "expires_at": 5}"#,
        ["/expires_at wrong_type", "/name wrong_type", "/role wrong_type"]
      ),
      (
        #"{"name": "a", "role": "viewer", "expires_at": "2020-01-01T00:00:00Z"}"#,
        ["/expires_at invalid_value"]
      ),
      (#"{"name": "anonymous", "role": "viewer"}"#, ["/name invalid_value"]),
      (#"{"name": "sql", "role": "viewer"}"#, ["/name invalid_value"]),
    ]
  )
  func `a wish that makes no sense makes no token`(body: String, errors: [String]) async throws {
    try await API.serve { api in
      let answer = try await api.send(.post, "/tokens", body)
      #expect(answer.status == 422)
      #expect(answer.errors.sorted() == errors)
      #expect(api.store.tokens.tokens == [])
    }
  }

  @Test func `a time may have fractions or none, and null is never`() async throws {
    try await API.serve { api in
      let root = try await api.makeToken("root", .admin)
      let times = ["\"2999-01-01T00:00:00.5Z\"", "\"2999-01-01T02:00:00+02:00\"", "null"]
      var stored: [JSONValue?] = []
      for (index, time) in times.enumerated() {
        let answer = try await api.send(
          .post,
          "/tokens",
          #"{"name": "t\#(index)", "role": "viewer", "expires_at": \#(time)}"#,
          headers: root
        )
        stored.append(answer.json["expires_at"])
      }
      #expect(stored == ["2999-01-01T00:00:00.500Z", "2999-01-01T00:00:00.000Z", .null])
    }
  }
}
