import HTTPTypes
import Model
import Store
import Testing

/// `Idempotency-Key`.
struct IdempotencyTests {
  private static func key(_ key: String) -> HTTPFields { [.idempotencyKey: key] }

  @Test func `the same write again gets the first answer again, and is not made again`()
    async throws
  {
    try await API.serve { api in
      let first = try await api.send(
        .post,
        "/services",
        #"{"name": "a"}"#,
        headers: Self.key("k")
      )
      try await api.expect(200, .patch, "/services/a", #"{"protocol": "http2"}"#)
      var headers = Self.key("k")
      headers[.requestID] = "second"
      let second = try await api.send(.post, "/services", #"{ "name":"a" }"#, headers: headers)
      #expect(first.status == 201)
      #expect(second.status == 201)
      #expect(second.body == first.body)
      for header in ["Location", "ETag", "Chancery-Revision", "Content-Type"] {
        #expect(second[header] != nil)
        #expect(second[header] == first[header])
      }
      #expect(second["X-Request-Id"] == "second")
      #expect(api.revision == 3)
    }
  }

  @Test func `another body with the same key is refused`() async throws {
    try await API.serve { api in
      try await api.expect(201, .post, "/services", #"{"name": "a"}"#, headers: Self.key("k"))
      let answer = try await api.send(
        .post,
        "/services",
        #"{"name": "b"}"#,
        headers: Self.key("k")
      )
      #expect(answer.status == 422)
      #expect(answer.code == "idempotency_key_reused")
      #expect(api.revision == 2)
    }
  }

  @Test func `a key is of one path`() async throws {
    try await API.serve { api in
      try await api.expect(201, .post, "/services", #"{"name": "a"}"#, headers: Self.key("k"))
      try await api.expect(
        201,
        .post,
        "/services/a/endpoints",
        #"{"address": "10.0.0.1", "port": 80}"#,
        headers: Self.key("k")
      )
      try await api.expect(201, .post, "/revisions/1/rollback", headers: Self.key("k"))
      try await api.expect(201, .post, "/revisions/2/rollback", headers: Self.key("k"))
      try await api.expect(201, .post, "/revisions/1/rollback", headers: Self.key("k"))
      #expect(api.revision == 5)
    }
  }

  @Test func `a key is of one principal`() async throws {
    try await API.serve { api in
      var (ada, bob) = (
        try await api.makeToken("ada", .editor), try await api.makeToken("bob", .editor)
      )
      ada[.idempotencyKey] = "k"
      bob[.idempotencyKey] = "k"
      for (headers, status) in [(ada, 201), (bob, 409), (ada, 201), (bob, 409)] {
        try await api.expect(status, .post, "/services", #"{"name": "a"}"#, headers: headers)
      }
      #expect(api.revision == 2)
    }
  }

  @Test func `a kept refusal points into the body, as the first one did`() async throws {
    try await API.serve { api in
      let body = #"{"name": "a", "match": {"prefix": "/"}, "service": "nobody"}"#
      for _ in 0..<2 {
        let answer = try await api.send(.post, "/routes", body, headers: Self.key("k"))
        #expect(answer.status == 422)
        #expect(answer.errors == ["/service unknown_reference"])
      }
    }
  }

  @Test(
    arguments: [
      (#"{"name": "taken"}"#, 409), (#"{"name": "b", "bogus": 1}"#, 422), (#"{"name": 5}"#, 422),
    ]
  )
  func `a refusal is kept too, though it would be none any more`(
    body: String,
    status: Int
  ) async throws {
    try await API.serve { api in
      try await api.expect(201, .put, "/services/taken", "{}")
      let first = try await api.send(.post, "/services", body, headers: Self.key("k"))
      try await api.expect(204, .delete, "/services/taken")
      let second = try await api.send(.post, "/services", body, headers: Self.key("k"))
      #expect([first.status, second.status] == [status, status])
      #expect(first.errors == second.errors)
      #expect(second.json["request_id"]?.string == second["X-Request-Id"])
      #expect(first.json["request_id"] != second.json["request_id"])
      #expect(second["Content-Type"] == "application/problem+json")
      let other = try await api.send(
        .post,
        "/services",
        #"{"name": "c"}"#,
        headers: Self.key("k")
      )
      #expect(other.code == "idempotency_key_reused")
      #expect(api.revision == 3)
    }
  }

  @Test func `an answer that may be another soon is not kept`() async throws {
    try await API.serve { api in
      let body = #"{"address": "10.0.0.1", "port": 80}"#
      let uri = "/services/a/endpoints"
      try await api.expect(404, .post, uri, body, headers: Self.key("k"))
      try await api.expect(201, .put, "/services/a", "{}")
      try await api.expect(201, .post, uri, body, headers: Self.key("k"))
    }
  }

  @Test func `a dry run spends no key`() async throws {
    try await API.serve { api in
      let body = #"{"name": "a"}"#
      try await api.expect(200, .post, "/services?dry_run=true", body, headers: Self.key("k"))
      try await api.expect(201, .post, "/services", body, headers: Self.key("k"))
      try await api.expect(
        200,
        .post,
        "/services?dry_run=true",
        #"{"name": "b"}"#,
        headers: Self.key("k")
      )
    }
  }

  @Test func `writes at once with one key are made once`() async throws {
    try await API.serve { api in
      let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
        for _ in 0..<20 {
          group.addTask {
            try await api.send(.post, "/services", #"{"name": "a"}"#, headers: Self.key("k"))
          }
        }
        return try await group.reduce(into: [Answer]()) { $0.append($1) }
      }
      #expect(answers.map(\.status) == Array(repeating: 201, count: 20))
      #expect(Set(answers.map(\.text)).count == 1)
      #expect(api.revision == 2)
    }
  }

  @Test(arguments: ["", "a b", "ä", String(repeating: "k", count: 256)])
  func `a key is 1 to 255 visible ASCII characters`(key: String) async throws {
    try await API.serve { api in
      for query in ["", "?dry_run=true"] {
        let answer = try await api.send(
          .post,
          "/services\(query)",
          #"{"name": "a"}"#,
          headers: Self.key(key)
        )
        #expect(answer.status == 422)
        #expect(answer.errors == ["Idempotency-Key invalid_value"])
      }
      #expect(api.revision == 1)
    }
  }

  @Test func `the longest key is taken`() async throws {
    try await API.serve { api in
      let key = String(repeating: "~", count: 255)
      try await api.expect(201, .post, "/services", #"{"name": "a"}"#, headers: Self.key(key))
      try await api.expect(201, .post, "/services", #"{"name": "a"}"#, headers: Self.key(key))
    }
  }

  @Test func `other methods can be sent again as they are, and spend no key`() async throws {
    try await API.serve { api in
      try await api.expect(201, .put, "/services/a", "{}", headers: Self.key("k"))
      try await api.expect(
        200,
        .put,
        "/services/a",
        #"{"protocol": "http2"}"#,
        headers: Self.key("k")
      )
    }
  }
}

extension HTTPField.Name {
  static var idempotencyKey: Self { Self("Idempotency-Key") ?? .via }
  static var requestID: Self { Self("X-Request-Id") ?? .via }
}
