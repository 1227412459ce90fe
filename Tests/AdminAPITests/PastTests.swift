import HTTPTypes
import Model
import Testing

/// `?at=`, and pages that stay at one revision.
struct PastTests {
  /// Revision 2 has service `a` and a route to it, 3 another protocol and an endpoint more, 4 neither
  /// of them, and 5 `a` again.
  private static func serve(_ body: @Sendable (API) async throws -> Void) async throws {
    try await API.serve { api in
      let first = """
        {"services": {"a": {"endpoints": [{"address": "10.0.0.1", "port": 80}]}},
         "routes": {"r": {"match": {"prefix": "/"}, "service": "a"}}}
        """
      try await api.expect(200, .patch, "/config", first)
      try await api.expect(
        200,
        .patch,
        "/services/a",
        #"{"protocol": "http2", "endpoints": [{"address": "10.0.0.2", "port": 80}]}"#
      )
      try await api.expect(
        200,
        .patch,
        "/config",
        #"{"services": {"a": null}, "routes": {"r": null}}"#
      )
      try await api.expect(201, .put, "/services/a", "{}")
      try await body(api)
    }
  }

  @Test func `an object is read as it was, with the tag that it had`() async throws {
    try await Self.serve { api in
      let second = try await api.send(.get, "/services/a?at=2")
      #expect(second.json["protocol"] == nil)
      #expect(second.json["endpoints"] == [["address": "10.0.0.1", "port": 80]])
      #expect(second["ETag"] == #""2""#)
      #expect(second["Chancery-Revision"] == "2")
      #expect(second.json["meta"]?["revision"] == 2)
      let third = try await api.send(.get, "/services/a?at=3")
      #expect(third.json["protocol"] == "http2")
      #expect(third["ETag"] == #""3""#)
      #expect(third.json["meta"]?["created_at"] == second.json["meta"]?["created_at"])
      let fifth = try await api.send(.get, "/services/a?at=5")
      #expect(fifth["ETag"] == #""5""#)
    }
  }

  @Test func `an object that was not there then is 404`() async throws {
    try await Self.serve { api in
      for (uri, code) in [
        ("/services/a?at=1", "not_found"), ("/services/a?at=4", "not_found"),
        ("/services/a/endpoints?at=4", "not_found"),
        ("/services/a/endpoints/10.0.0.1:80?at=3", "not_found"),
      ] {
        let answer = try await api.send(.get, uri)
        #expect(answer.status == 404)
        #expect(answer.code == .string(code))
      }
    }
  }

  @Test func `endpoints are read as they were`() async throws {
    try await Self.serve { api in
      let list = try await api.send(.get, "/services/a/endpoints?at=3")
      #expect(list.json["items"]?.elements.map { $0["id"] } == ["10.0.0.2:80"])
      #expect(list.json["revision"] == 3)
      let endpoint = try await api.send(.get, "/services/a/endpoints/10.0.0.1:80?at=2")
      #expect(endpoint.status == 200)
      #expect(endpoint["ETag"] == #""2""#)
    }
  }

  @Test func `the document is read as it was, in both formats`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(.get, "/config?at=3")
      #expect(answer.json["routes"]?["r"]?["service"] == "a")
      #expect(answer.json["gateways"]?["default"]?["port"] == 8080)
      #expect(answer["ETag"] == #""3""#)
      let yaml = try await api.send(
        .get,
        "/config?at=3",
        headers: [.accept: "application/yaml"]
      )
      let value = try JSONValue(yaml: yaml.body)
      #expect(value == answer.json)
      #expect(yaml["ETag"] == #""3-yaml""#)
      let fourth = try await api.send(.get, "/config?at=4")
      #expect(fourth.json["services"] == [:])
    }
  }

  @Test(
    arguments: [
      "/services", "/routes", "/gateways", "/services/a", "/services/a/endpoints",
      "/services/a/endpoints/10.0.0.1:80", "/config", "/xds/clusters",
    ]
  )
  func `a revision that there is not is refused`(path: String) async throws {
    try await Self.serve { api in
      for (at, status, code) in [
        ("6", 404, "no_such_revision"), ("0", 404, "no_such_revision"),
        ("99999999999999999999", 404, "no_such_revision"), ("x", 422, "invalid"),
        ("-1", 422, "invalid"), ("", 422, "invalid"),
      ] {
        let answer = try await api.send(.get, "\(path)?at=\(at)")
        #expect(answer.status == status)
        #expect(answer.code == .string(code))
      }
    }
  }

  @Test func `a list is read as it was`() async throws {
    try await Self.serve { api in
      for (at, names) in [(1, []), (2, ["a"]), (3, ["a"]), (4, []), (5, ["a"])] as [(Int, [String])]
      {
        let answer = try await api.send(.get, "/services?at=\(at)")
        #expect(answer.json["items"]?.elements.compactMap { $0["name"]?.string } == names)
        #expect(answer.json["revision"] == .integer(Int64(at)))
      }
      let none = try await api.send(.get, "/services?at=3&label=team=x")
      #expect(none.json["items"] == [])
    }
  }

  @Test func `the second page is of the first one's revision, whatever is written meanwhile`()
    async throws
  {
    try await API.serve { api in
      for name in ["a", "b", "c", "d", "e"] {
        try await api.send(.put, "/services/\(name)", #"{"labels": {"team": "x"}}"#)
      }
      let first = try await api.send(.get, "/services?label=team=x&page_size=2")
      try await api.expect(204, .delete, "/services/c")
      try await api.expect(200, .put, "/services/d", #"{"protocol": "http2"}"#)
      try await api.expect(201, .put, "/services/dd", #"{"labels": {"team": "x"}}"#)
      var pages = [first]
      while let link = pages.last?["Link"]?.firstMatch(of: /<(.*)>; rel="next"/) {
        pages.append(try await api.send(.get, String(link.1)))
      }
      let names = pages.map { $0.json["items"]?.elements.compactMap { $0["name"]?.string } }
      #expect(names == [["a", "b"], ["c", "d"], ["e"]])
      #expect(pages.map { $0.json["revision"] } == [6, 6, 6])
      #expect(pages.map { $0["Chancery-Revision"] } == ["6", "6", "6"])
    }
  }

  @Test func `a page of the past is filled, however rare its labels are`() async throws {
    try await API.serve { api in
      let services = (0..<350).map { number in
        let labels = number % 100 == 0 ? #"{"labels": {"team": "x"}}"# : "{}"
        return "\"s\(1000 + number)\": \(labels)"
      }
      try await api.expect(
        200,
        .patch,
        "/config",
        #"{"services": {\#(services.joined(separator: ", "))}}"#
      )
      try await api.expect(200, .patch, "/config", #"{"services": null}"#)
      let first = try await api.send(.get, "/services?at=2&label=team=x&page_size=3")
      #expect(
        first.json["items"]?.elements.map { $0["name"] } == ["s1000", "s1100", "s1200"]
      )
      let token = try #require(first.json["next_page_token"]?.string)
      let second = try await api.send(
        .get,
        "/services?at=2&label=team=x&page_size=3&page_token=\(token)"
      )
      #expect(second.json["items"]?.elements.map { $0["name"] } == ["s1300"])
      #expect(second.json["next_page_token"] == .null)
    }
  }

  @Test func `a token of another list or another revision is refused`() async throws {
    try await API.serve { api in
      for name in ["a", "b"] { try await api.send(.put, "/services/\(name)", "{}") }
      try await api.send(.put, "/gateways/x", #"{"port": 9000}"#)
      let first = try await api.send(.get, "/services?page_size=1")
      let token = try #require(first.json["next_page_token"]?.string)
      for uri in [
        "/gateways?page_token=\(token)", "/services/a/endpoints?page_token=\(token)",
        "/services/a/revisions?page_token=\(token)", "/proxies?page_token=\(token)",
        "/services?at=3&page_token=\(token)", "/services?page_token=\(token)x",
        "/services?page_token=YQ",
      ] {
        let answer = try await api.send(.get, uri)
        #expect(answer.status == 422)
        #expect(answer.errors == ["page_token invalid_value"])
      }
      try await api.expect(200, .get, "/services?at=4&page_token=\(token)")
    }
  }

  @Test func `a token of a revision that is gone is 404`() async throws {
    try await API.serve { api in
      for name in ["a", "b"] { try await api.send(.put, "/services/\(name)", "{}") }
      let token = PageTokens.token(revision: 9, list: "/services", key: "a")
      let answer = try await api.send(.get, "/services?page_token=\(token)")
      #expect(answer.status == 404)
      #expect(answer.code == "no_such_revision")
    }
  }
}
