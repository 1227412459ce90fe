import Foundation
import HTTPTypes
import Logging
import Model
import Store
import Testing

struct AuthenticationTests {
  @Test func `until there is a token, anybody may do anything`() async throws {
    try await API.serve { api in
      try await api.expect(201, .put, "/services/a", "{}")
      try await api.expect(200, .get, "/tokens")
      #expect(try await api.send(.get, "/revisions/2").json["author"] == "anonymous")
      _ = try await api.makeToken("ci", .viewer)
      try await api.expect(401, .get, "/services")
      try await api.expect(401, .put, "/services/b", "{}")
    }
  }

  @Test func `a token that has expired keeps the API closed`() async throws {
    try await API.serve { api in
      _ = try await api.makeToken("ci", .viewer, until: .now)
      try await api.expect(401, .get, "/services")
    }
  }

  @Test func `when all tokens are revoked the API is open, unless it must not be`() async throws {
    for isDemanded in [false, true] {
      try await API.serve(requiresAuthentication: isDemanded) { api in
        _ = try await api.makeToken("ci", .viewer)
        _ = try await api.store.revokeToken("ci")
        try await api.expect(isDemanded ? 401 : 200, .get, "/services")
      }
    }
  }

  @Test func `a token that does not hold is refused also where none is needed`() async throws {
    try await API.serve { api in
      let answer = try await api.send(
        .get,
        "/services",
        headers: [.authorization: "Bearer \(TokenSecret().text)"]
      )
      #expect(answer.code == "unauthenticated")
      try await api.expect(200, .get, "/services", headers: [.authorization: "Basic YTpi"])
      try await api.expect(200, .get, "/healthz", headers: [.authorization: "Bearer x"])
    }
  }

  @Test func `a method that an open path lacks is 405 without a token too`() async throws {
    try await API.serve(requiresAuthentication: true) { api in
      for method in [HTTPRequest.Method.trace, .put] {
        try await api.expect(405, method, "/healthz")
        try await api.expect(401, method, "/services")
      }
    }
  }

  @Test(arguments: ["Bearer", "bearer", "BEARER ", "Bearer   "])
  func `the scheme's case and the spaces after it do not matter`(scheme: String) async throws {
    try await API.serve { api in
      let headers = try await api.makeToken("ci", .viewer)
      let secret = headers[.authorization]?.dropFirst("Bearer ".count) ?? ""
      let sent: HTTPFields = [.authorization: "\(scheme) \(secret)"]
      try await api.expect(200, .get, "/services", headers: sent)
    }
  }

  @Test func `the principal is the author, whatever it writes`() async throws {
    try await API.serve { api in
      let ada = try await api.makeToken("ada", .editor)
      let bob = try await api.makeToken("bob", .admin)
      try await api.expect(201, .put, "/services/a", "{}", headers: ada)
      try await api.expect(200, .patch, "/config", #"{"services": {"b": {}}}"#, headers: bob)
      try await api.expect(201, .post, "/revisions/2/rollback", headers: ada)
      let revisions = try await api.send(.get, "/revisions", headers: ada).json["items"]?.elements
      #expect(revisions?.prefix(3).map { $0["author"] } == ["ada", "bob", "ada"])
      let meta = try await api.send(.get, "/services/a", headers: bob).json["meta"]
      #expect(meta?["created_by"] == "ada")
    }
  }

  @Test func `a page of another origin may not write with a token either`() async throws {
    try await API.serve { api in
      var headers = try await api.makeToken("ci", .editor)
      headers[.origin] = "https://evil.example"
      let answer = try await api.send(.put, "/services/a", "{}", headers: headers)
      #expect(answer.code == "cross_site")
    }
  }

  @Test func `what is refused is logged, without the token`() async throws {
    let log = RecordedLog()
    try await API.serve(logger: log.logger) { api in
      let viewer = try await api.makeToken("ci", .viewer)
      let secret = TokenSecret()
      let unknown: HTTPFields = [.authorization: "Bearer \(secret.text)"]
      try await api.expect(401, .get, "/config")
      try await api.expect(401, .get, "/config", headers: unknown)
      try await api.expect(403, .put, "/services/a", "{}", headers: viewer)
      try await api.expect(200, .get, "/config", headers: viewer)
      try await api.expect(404, .get, "/services/a", headers: viewer)

      #expect(log.events.map(\.level) == [.warning, .warning, .warning])
      let metadata = log.events.compactMap(\.metadata).map { $0.mapValues { "\($0)" } }
      #expect(metadata.map { $0["path"] } == ["/config", "/config", "/services/a"])
      #expect(metadata.map { $0["method"] } == ["GET", "GET", "PUT"])
      #expect(metadata.map { $0["principal"] } == ["none", "none", "ci"])
      #expect(metadata.allSatisfy { $0["request_id"]?.isEmpty == false })
      let secrets = [secret.text, String(viewer[.authorization]?.dropFirst(7) ?? "")]
      for secret in secrets {
        #expect(!"\(log.events.map(\.message)) \(metadata)".contains(secret.dropFirst(4)))
      }
    }
  }
}
