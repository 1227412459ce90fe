import HTTPTypes
import Model
import Testing

/// `If-None-Match` and `If-Match` on reads.
struct ConditionalReadTests {
  private static func serve(_ body: @Sendable (API) async throws -> Void) async throws {
    try await API.serve { api in
      try await api.expect(201, .put, "/services/a", ObjectTests.service)
      try await body(api)
    }
  }

  @Test(arguments: PreconditionTests.paths, [#""2""#, "*", #"W/"2""#, #""1", "2""#])
  func `what the client has already is not sent again`(path: String, tag: String) async throws {
    try await Self.serve { api in
      for method in [HTTPRequest.Method.get, .head] {
        let answer = try await api.send(method, path, headers: [.ifNoneMatch: tag])
        #expect(answer.status == 304)
        #expect(answer["ETag"] == #""2""#)
        #expect(answer["Chancery-Revision"] == "2")
        #expect(answer.body.isEmpty)
      }
    }
  }

  @Test(arguments: PreconditionTests.paths)
  func `what was changed meanwhile is sent`(path: String) async throws {
    try await Self.serve { api in
      let answer = try await api.send(.get, path, headers: [.ifNoneMatch: #""1""#])
      #expect(answer.status == 200)
      #expect(!answer.body.isEmpty)
    }
  }

  @Test(arguments: PreconditionTests.paths)
  func `a state that is gone is 412, with the tag of what is there`(path: String) async throws {
    try await Self.serve { api in
      let answer = try await api.send(.get, path, headers: [.ifMatch: #""1""#])
      #expect(answer.status == 412)
      #expect(answer["ETag"] == #""2""#)
      try await api.expect(200, .get, path, headers: [.ifMatch: #""2""#])
      try await api.expect(422, .get, path, headers: [.ifNoneMatch: "2"])
    }
  }

  @Test func `a tag of the other format is no reason to send nothing`() async throws {
    try await Self.serve { api in
      let yaml: HTTPFields = [.accept: "application/yaml", .ifNoneMatch: #""2""#]
      try await api.expect(200, .get, "/config", headers: yaml)
      let same: HTTPFields = [.accept: "application/yaml", .ifNoneMatch: #""2-yaml""#]
      let answer = try await api.send(.get, "/config", headers: same)
      #expect(answer.status == 304)
      #expect(answer["ETag"] == #""2-yaml""#)
    }
  }

  @Test func `what is not there is 404, whatever the condition`() async throws {
    try await Self.serve { api in
      try await api.expect(404, .get, "/services/b", headers: [.ifNoneMatch: "*"])
      try await api.expect(404, .get, "/services/b", headers: [.ifMatch: #""2""#])
    }
  }

  @Test func `the past has its own tags`() async throws {
    try await Self.serve { api in
      try await api.expect(200, .put, "/services/a", "{}")
      try await api.expect(304, .get, "/services/a?at=2", headers: [.ifNoneMatch: #""2""#])
      try await api.expect(200, .get, "/services/a", headers: [.ifNoneMatch: #""2""#])
    }
  }
}
