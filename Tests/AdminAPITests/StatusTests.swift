import HTTPTypes
import Model
import Testing

struct StatusTests {
  @Test func `the process tells that it runs, and its version`() async throws {
    try await API.serve(unreadiness: ["Not yet."]) { api in
      let health = try await api.send(.get, "/healthz")
      #expect(health.json == ["status": "ok"])
      let version = try await api.send(.get, "/version")
      #expect(version.json == ["version": "1.2.3"])
    }
  }

  @Test func `it is ready when nothing is in the way`() async throws {
    try await API.serve { api in
      let answer = try await api.send(.get, "/readyz")
      #expect(answer.json == ["status": "ready"])
    }
  }

  @Test func `it tells all that is in the way`() async throws {
    try await API.serve(unreadiness: ["xDS does not listen yet.", "No snapshot."]) { api in
      let answer = try await api.send(.get, "/readyz")
      #expect(answer.status == 503)
      #expect(answer.code == "not_ready")
      #expect(answer.json["detail"] == "xDS does not listen yet. No snapshot.")
    }
  }

  @Test func `a request's id is told again, on an error too`() async throws {
    try await API.serve { api in
      for path in ["/healthz", "/nowhere", "/services/nobody"] {
        let answer = try await api.send(.get, path, headers: [.id: "build-17/a"])
        #expect(answer["X-Request-Id"] == "build-17/a")
        if answer.status != 200 { #expect(answer.json["request_id"] == "build-17/a") }
      }
    }
  }

  @Test(arguments: ["", "a b", "ä", String(repeating: "a", count: 129)])
  func `an id that is not fit for a log is replaced`(id: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(.get, "/healthz", headers: [.id: id])
      #expect(answer["X-Request-Id"]?.count == 36)
    }
  }

  @Test func `an error tells the newest revision`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/a", "{}")
      #expect(try await api.send(.get, "/nowhere")["Chancery-Revision"] == "2")
    }
  }

  @Test func `a problem has the members of RFC 9457`() async throws {
    try await API.serve { api in
      let problem = try await api.send(.get, "/services/nobody").json
      #expect(problem["type"] == "urn:chancery:problem:not_found")
      #expect(problem["status"] == 404)
      #expect(problem["title"]?.string?.isEmpty == false)
      #expect(problem["detail"] == "There is no service \"nobody\".")
      #expect(problem["errors"] == [])
    }
  }
}

extension HTTPField.Name {
  fileprivate static var id: Self { Self("X-Request-Id") ?? .via }
}
