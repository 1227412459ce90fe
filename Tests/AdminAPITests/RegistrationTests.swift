import HTTPTypes
import Model
import Testing

struct RegistrationTests {
  static let registrations = "/services/users/registrations"

  private static func serve(_ body: @Sendable (API) async throws -> Void) async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/users", ObjectTests.service)
      try await body(api)
    }
  }

  @Test func `PUT registers an instance, and again renews it`() async throws {
    try await Self.serve { api in
      let place = "\(Self.registrations)/10.0.0.2:80"
      let new = try await api.send(.put, "\(place)?ttl=1m30s", #"{"weight": 5}"#)
      #expect(new.status == 201)
      #expect(new["Location"] == "\(Self.registrations)/10.0.0.2%3A80")
      #expect(new.json["weight"] == 5)
      #expect(new.json["source"] == "registration")
      #expect(new.json["ttl"] == "1m30s")
      #expect(new.json["expires_at"] != nil)
      try await api.expect(200, .put, "\(place)?ttl=1m30s", new.text)
      try await api.expect(200, .put, place)
      let read = try await api.send(.get, place)
      #expect(read.json["ttl"] == "30s")
      #expect(read.json["weight"] == nil)
    }
  }

  @Test func `a registration makes no revision and is not in the document`() async throws {
    try await Self.serve { api in
      let before = try await api.send(.get, "/services/users")
      try await api.expect(201, .put, "\(Self.registrations)/10.0.0.2:80")
      let after = try await api.send(.get, "/services/users")
      #expect(after.json == before.json)
      #expect(after["ETag"] == before["ETag"])
      #expect(try await !api.send(.get, "/config").text.contains("10.0.0.2"))
      #expect(api.revision == 2)
      try await api.expect(404, .get, "\(EndpointTests.endpoints)/10.0.0.2:80")
    }
  }

  @Test func `the list of endpoints has what is registered, in order and by pages`() async throws {
    try await Self.serve { api in
      for id in ["10.0.0.2:80", "10.0.0.0:80", "10.0.0.1:80"] {
        try await api.expect(201, .put, "\(Self.registrations)/\(id)")
      }
      let items = try await api.send(.get, EndpointTests.endpoints).json["items"]?.elements ?? []
      #expect(items.map { $0["id"] } == ["10.0.0.0:80", "10.0.0.1:80", "10.0.0.2:80"])
      // An endpoint of the document is shown as that.
      #expect(items.map { $0["source"] } == ["registration", nil, "registration"])
      let past = try await api.send(.get, "\(EndpointTests.endpoints)?at=2")
      #expect(past.json["items"]?.elements.map { $0["id"] } == ["10.0.0.1:80"])
      let page = try await api.send(.get, "\(EndpointTests.endpoints)?page_size=2")
      #expect(page.json["items"]?.elements.count == 2)
      #expect(page.json["next_page_token"] != .null)
    }
  }

  @Test func `what is registered is in no past, not even the newest`() async throws {
    try await Self.serve { api in
      try await api.expect(201, .put, "\(Self.registrations)/10.0.0.2:80")
      for uri in ["?at=2", "?at=2&page_size=1"] {
        let past = try await api.send(.get, EndpointTests.endpoints + uri)
        #expect(past.json["items"]?.elements.map { $0["id"] } == ["10.0.0.1:80"])
        #expect(past.json["next_page_token"] == .null)
      }
      try await api.expect(404, .get, "\(EndpointTests.endpoints)/10.0.0.2:80?at=2")
      for uri in ["/config?at=2", "/services/users?at=2", "/services", "/xds/endpoints"] {
        #expect(try await !api.send(.get, uri).text.contains("10.0.0.2"), "\(uri)")
      }
    }
  }

  @Test func `DELETE takes an instance out`() async throws {
    try await Self.serve { api in
      let place = "\(Self.registrations)/[::1]:80"
      try await api.expect(404, .delete, place)
      try await api.expect(201, .put, place)
      try await api.expect(204, .delete, place)
      try await api.expect(404, .get, place)
    }
  }

  @Test func `a service that does not exist is 404`() async throws {
    try await API.serve { api in
      for method: HTTPRequest.Method in [.get, .put, .delete] {
        try await api.expect(404, method, "\(Self.registrations)/10.0.0.2:80")
      }
    }
  }

  @Test func `a service with DNS endpoints is 409`() async throws {
    try await API.serve { api in
      let service = #"{"endpoints": [{"address": "users.internal", "port": 80}]}"#
      try await api.send(.put, "/services/users", service)
      let answer = try await api.send(.put, "\(Self.registrations)/10.0.0.2:80")
      #expect(answer.status == 409)
      #expect(answer.errors == ["/services/users/endpoints not_applicable"])
    }
  }

  @Test(arguments: [
    ("10.0.0.2:80?ttl=soon", nil, "ttl invalid_value"),
    ("10.0.0.2:80?ttl=999ms", nil, "ttl out_of_range"),
    ("10.0.0.2:80?ttl=24h1s", nil, "ttl out_of_range"),
    ("10.0.0.2:80?tll=5s", nil, "tll unknown_field"),
    ("users.internal:80", nil, "id invalid_value"),
    ("10.0.0.2", nil, "id invalid_value"),
    ("224.0.0.1:80", nil, "/address invalid_value"),
    ("10.0.0.2:80", #"{"weight": 0}"#, "/weight out_of_range"),
    ("10.0.0.2:80", #"{"ttl": "5s"}"#, "/ttl invalid_value"),
    ("10.0.0.2:80", #"{"port": 81}"#, "/port invalid_value"),
    ("10.0.0.2:80", #"{"color": "red"}"#, "/color unknown_field"),
    ("10.0.0.2:80", "[]", " wrong_type"),
    ("10.0.0.2:80", "null", " wrong_type"),
  ])
  func `what makes no sense is 422`(place: String, body: String?, error: String) async throws {
    try await Self.serve { api in
      let answer = try await api.send(.put, "\(Self.registrations)/\(place)", body)
      #expect(answer.status == 422)
      #expect(answer.errors == [error])
    }
  }

  @Test func `deleting the service, even to make it anew, drops what is registered`() async throws {
    try await Self.serve { api in
      try await api.expect(201, .put, "\(Self.registrations)/10.0.0.2:80")
      try await api.expect(204, .delete, "/services/users")
      try await api.expect(201, .put, "/services/users", ObjectTests.service)
      try await api.expect(404, .get, "\(Self.registrations)/10.0.0.2:80")
    }
  }

  @Test func `a rollback leaves what is registered as it is`() async throws {
    try await Self.serve { api in
      try await api.expect(201, .put, "\(Self.registrations)/10.0.0.2:80")
      try await api.send(.patch, "/services/users", #"{"protocol": "http2"}"#)
      try await api.expect(204, .delete, "\(Self.registrations)/10.0.0.2:80")
      try await api.expect(201, .put, "\(Self.registrations)/10.0.0.3:80")
      try await api.expect(201, .post, "/revisions/2/rollback")
      try await api.expect(404, .get, "\(Self.registrations)/10.0.0.2:80")
      try await api.expect(200, .get, "\(Self.registrations)/10.0.0.3:80")
    }
  }
}
