import HTTPTypes
import Model
import Testing

struct PreconditionTests {
  static let paths = ["/services/a", "/services/a/endpoints/10.0.0.1:80", "/config"]

  private static func serve(_ body: @Sendable (API) async throws -> Void) async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/a", ObjectTests.service)
      try await body(api)
    }
  }

  @Test(arguments: paths, [#""2""#, "*", #""1", "2""#])
  func `a write on the current state is made`(path: String, tag: String) async throws {
    try await Self.serve { api in
      let answer = try await api.send(.patch, path, "{}", headers: [.ifMatch: tag])
      #expect(answer.status == 200)
    }
  }

  @Test(arguments: paths, [#""1""#, #"W/"2""#, #""22""#])
  func `a write on another state is 412 and tells the current tag`(
    path: String,
    tag: String
  ) async throws {
    try await Self.serve { api in
      for method in [HTTPRequest.Method.put, .patch] {
        let answer = try await api.send(method, path, "{}", headers: [.ifMatch: tag])
        #expect(answer.status == 412)
        #expect(answer["ETag"] == #""2""#)
        #expect(answer.code == "precondition_failed")
      }
      #expect(api.revision == 2)
    }
  }

  @Test(arguments: paths, [HTTPRequest.Method.put, .patch])
  func `what makes no sense is 422, on whatever state`(
    path: String,
    method: HTTPRequest.Method
  ) async throws {
    try await Self.serve { api in
      let headers: HTTPFields = [.ifMatch: #""1""#]
      try await api.expect(422, method, path, #"{"bogus": 1}"#, headers: headers)
    }
  }

  @Test func `a deletion on another state is 412`() async throws {
    try await Self.serve { api in
      for path in Self.paths where path != "/config" {
        let answer = try await api.send(.delete, path, headers: [.ifMatch: #""1""#])
        #expect(answer.status == 412)
        #expect(answer["ETag"] == #""2""#)
      }
      #expect(api.revision == 2)
    }
  }

  @Test func `either format's tag of the document will do`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(
        .patch,
        "/config",
        "{}",
        headers: [.ifMatch: #""2-yaml""#, .accept: "application/yaml"]
      )
      #expect(answer.status == 200)
      #expect(answer["ETag"] == #""2-yaml""#)
    }
  }

  @Test(arguments: paths, ["*", #""2""#, #"W/"2""#, #""1", "2""#])
  func `If-None-Match keeps a write off that state; with a star it only creates`(
    path: String,
    tag: String
  ) async throws {
    try await Self.serve { api in
      let answer = try await api.send(.put, path, "{}", headers: [.ifNoneMatch: tag])
      #expect(answer.status == 412)
      #expect(api.revision == 2)
    }
  }

  @Test func `If-None-Match with a star creates`() async throws {
    try await Self.serve { api in
      for path in ["/services/b", "/services/a/endpoints/10.0.0.2:80"] {
        let answer = try await api.send(.put, path, "{}", headers: [.ifNoneMatch: "*"])
        #expect(answer.status == 201)
      }
    }
  }

  @Test func `If-Match on what is not there is 412 for PUT and 404 for PATCH`() async throws {
    try await Self.serve { api in
      let headers: HTTPFields = [.ifMatch: "*"]
      try await api.expect(412, .put, "/services/b", "{}", headers: headers)
      try await api.expect(404, .patch, "/services/b", "{}", headers: headers)
    }
  }

  @Test(
    arguments: [
      ("/services", #"{"name": "b"}"#),
      ("/services/a/endpoints", #"{"address": "10.0.0.2", "port": 80}"#),
    ]
  )
  func `a POST is made on nothing`(list: String, body: String) async throws {
    try await Self.serve { api in
      for tag in ["*", #""2""#] {
        try await api.expect(412, .post, list, body, headers: [.ifMatch: tag])
      }
      try await api.expect(201, .post, list, body, headers: [.ifNoneMatch: "*"])
    }
  }

  @Test func `of two writers on the same state one is told to look again`() async throws {
    try await Self.serve { api in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for version in ["http1", "http2"] {
          group.addTask {
            let body = #"{"protocol": "\#(version)"}"#
            return try await api.send(.patch, "/services/a", body, headers: [.ifMatch: #""2""#])
              .status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.sorted() == [200, 412])
      #expect(api.revision == 3)
    }
  }

  @Test func `a write elsewhere does not touch an object's tag`() async throws {
    try await Self.serve { api in
      try await api.send(.put, "/services/b", "{}")
      #expect(try await api.send(.get, "/services/a")["ETag"] == #""2""#)
      #expect(try await api.send(.get, "/config")["ETag"] == #""3""#)
    }
  }

  @Test func `a rollback can be bound to the document's tag`() async throws {
    try await Self.serve { api in
      let uri = "/revisions/1/rollback"
      let answer = try await api.send(.post, uri, headers: [.ifMatch: #""1""#])
      #expect(answer.status == 412)
      #expect(answer["ETag"] == #""2""#)
      try await api.expect(201, .post, uri, headers: [.ifMatch: #""2""#])
    }
  }
}
