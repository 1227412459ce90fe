import HTTPTypes
import Model
import Testing

struct EndpointTests {
  static let endpoints = "/services/users/endpoints"

  private static func serve(_ body: @Sendable (API) async throws -> Void) async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/users", ObjectTests.service)
      try await body(api)
    }
  }

  @Test func `POST adds an endpoint to its service`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(.post, Self.endpoints, #"{"address": "::1", "port": 80}"#)
      #expect(answer.status == 201)
      #expect(answer["Location"] == "\(Self.endpoints)/%5B%3A%3A1%5D%3A80")
      #expect(answer.json == ["id": "[::1]:80", "address": "::1", "port": 80])
      #expect(try await api.send(.get, answer["Location"] ?? "").json == answer.json)
      let service = try await api.send(.get, "/services/users")
      #expect(service.json["endpoints"]?.elements.count == 2)
      #expect(service["ETag"] == answer["ETag"])
    }
  }

  @Test func `an id is found however it is spelt`() async throws {
    try await Self.serve { api in
      try await api.send(.post, Self.endpoints, #"{"address": "2001:db8::1", "port": 80}"#)
      for id in ["[2001:db8::1]:80", "[2001:DB8:0::1]:80", "%5B2001:db8::1%5D:80"] {
        try await api.expect(200, .get, "\(Self.endpoints)/\(id)")
      }
    }
  }

  @Test func `POST of an endpoint that is there is 409`() async throws {
    try await Self.serve { api in
      let body = #"{"address": "10.0.0.1", "port": 80, "weight": 5}"#
      let answer = try await api.send(.post, Self.endpoints, body)
      #expect(answer.status == 409)
      #expect(answer.code == "exists")
      #expect(api.revision == 2)
    }
  }

  @Test func `PUT takes the address and port from the path`() async throws {
    try await Self.serve { api in
      let new = try await api.send(.put, "\(Self.endpoints)/10.0.0.2:80", #"{"weight": 5}"#)
      #expect(new.status == 201)
      #expect(new.json == ["id": "10.0.0.2:80", "address": "10.0.0.2", "port": 80, "weight": 5])
      let same = try await api.send(.put, "\(Self.endpoints)/10.0.0.2:80", new.text)
      #expect(same.status == 200)
      #expect(api.revision == 3)
    }
  }

  @Test func `an address in the body that is not the path's is refused`() async throws {
    try await Self.serve { api in
      let body = #"{"address": "10.0.0.3", "port": 81}"#
      let answer = try await api.send(.put, "\(Self.endpoints)/10.0.0.2:80", body)
      #expect(answer.status == 422)
      #expect(answer.errors == ["/address invalid_value", "/port invalid_value"])
    }
  }

  @Test func `PATCH changes some fields`() async throws {
    try await Self.serve { api in
      let uri = "\(Self.endpoints)/10.0.0.1:80"
      try await api.send(.patch, uri, #"{"weight": 5, "health": "draining"}"#)
      let answer = try await api.send(.patch, uri, #"{"weight": null, "priority": 1}"#)
      #expect(answer.status == 200)
      #expect(answer.json["weight"] == nil)
      #expect(answer.json["health"] == "draining")
      #expect(answer.json["priority"] == 1)
    }
  }

  @Test func `DELETE takes it from its service`() async throws {
    try await Self.serve { api in
      try await api.expect(204, .delete, "\(Self.endpoints)/10.0.0.1:80")
      #expect(try await api.send(.get, "/services/users").json["endpoints"] == [])
    }
  }

  @Test func `a list has the endpoints by id, in pages`() async throws {
    try await Self.serve { api in
      for port in [82, 81] {
        try await api.send(.post, Self.endpoints, #"{"address": "10.0.0.1", "port": \#(port)}"#)
      }
      let first = try await api.send(.get, "\(Self.endpoints)?page_size=2")
      #expect(first.json["items"]?.elements.map { $0["id"] } == ["10.0.0.1:80", "10.0.0.1:81"])
      let link = try #require(first["Link"]?.firstMatch(of: /<(.*)>/).map { String($0.1) })
      let second = try await api.send(.get, link)
      #expect(second.json["items"]?.elements.map { $0["id"] } == ["10.0.0.1:82"])
    }
  }

  @Test(
    arguments: [
      (HTTPRequest.Method.get, "/services/nobody/endpoints"),
      (.post, "/services/nobody/endpoints"),
      (.get, "/services/users/endpoints/10.0.0.9:80"), (.get, "/services/users/endpoints/x"),
      (.patch, "/services/users/endpoints/10.0.0.9:80"),
      (.delete, "/services/users/endpoints/10.0.0.9:80"),
      (.put, "/services/nobody/endpoints/10.0.0.9:80"),
    ]
  )
  func `what is not there is 404`(method: HTTPRequest.Method, uri: String) async throws {
    try await Self.serve { api in
      let body = method == .get || method == .delete ? nil : #"{"address": "::1", "port": 80}"#
      let answer = try await api.send(method, uri, method == .post ? body : body.map { _ in "{}" })
      #expect(answer.status == 404)
    }
  }

  @Test(arguments: ["x", "10.0.0.1", "10.0.0.1:0", "10.0.0.1:65536", ":80", "%00:80"])
  func `PUT to an id that is none is 422`(id: String) async throws {
    try await Self.serve { api in
      let answer = try await api.send(.put, "\(Self.endpoints)/\(id)", "{}")
      #expect(answer.status == 422)
      #expect(answer.errors == ["id invalid_value"])
    }
  }
}
