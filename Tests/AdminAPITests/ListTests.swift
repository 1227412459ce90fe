import HTTPTypes
import Model
import Testing

struct ListTests {
  private static func names(_ answer: Answer) -> [String] {
    answer.json["items"]?.elements.compactMap { $0["name"]?.string } ?? []
  }

  @Test func `a list has the objects by name, with the revision it was read at`() async throws {
    try await API.serve { api in
      for name in ["b", "c", "a"] { try await api.send(.put, "/services/\(name)", "{}") }
      let answer = try await api.send(.get, "/services")
      #expect(Self.names(answer) == ["a", "b", "c"])
      #expect(answer.json["revision"] == 4)
      #expect(answer.json["next_page_token"] == .null)
      #expect(answer["Link"] == nil)
      #expect(answer.json["items"]?.elements.first?["meta"]?["revision"] == 4)
    }
  }

  @Test func `pages follow each other by their links, which keep every parameter`() async throws {
    try await API.serve { api in
      for number in 1...5 {
        try await api.send(.put, "/services/s\(number)", #"{"labels": {"team": "a b"}}"#)
      }
      try await api.send(.put, "/services/s0", "{}")
      var uri: String? = "/services?label=team=a%20b&page_size=2"
      var pages: [[String]] = []
      while let next = uri {
        let answer = try await api.send(.get, next)
        pages.append(Self.names(answer))
        uri = answer["Link"]?.firstMatch(of: /<(.*)>; rel="next"/).map { String($0.1) }
      }
      #expect(pages == [["s1", "s2"], ["s3", "s4"], ["s5"]])
    }
  }

  @Test func `a page has 100 items unless another size is asked for, up to 1000`() async throws {
    try await API.serve { api in
      let services = (0..<1001).map { #""s\#(1000 + $0)": {}"# }.joined(separator: ", ")
      try await api.expect(200, .patch, "/config", #"{"services": {\#(services)}}"#)
      for (query, count) in [("", 100), ("?page_size=1", 1), ("?page_size=1000", 1000)] {
        let answer = try await api.send(.get, "/services\(query)")
        #expect(answer.json["items"]?.elements.count == count)
        #expect(answer["Link"] != nil)
      }
    }
  }

  @Test func `labels select the objects that have them all`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/a", #"{"labels": {"team": "x", "tier": "1"}}"#)
      try await api.send(.put, "/services/b", #"{"labels": {"team": "x", "tier": "2=3"}}"#)
      try await api.send(.put, "/services/c", "{}")
      #expect(Self.names(try await api.send(.get, "/services?label=team=x")) == ["a", "b"])
      let both = try await api.send(.get, "/services?label=team=x&label=tier%3D2%3D3")
      #expect(Self.names(both) == ["b"])
    }
  }

  @Test(
    arguments: [
      ("/gateways", #"{"port": 81, "labels": {"team": "x"}}"#),
      (
        "/routes",
        #"{"match": {"prefix": "/"}, "respond": {"status": 200}, "labels": {"team": "x"}}"#
      ),
    ]
  )
  func `labels select gateways and routes too`(list: String, body: String) async throws {
    try await API.serve { api in
      try await api.expect(201, .put, "\(list)/a", body)
      #expect(Self.names(try await api.send(.get, "\(list)?label=team=x")) == ["a"])
      #expect(Self.names(try await api.send(.get, "\(list)?label=team=y")) == [])
    }
  }

  @Test(
    arguments: [
      ("page_size=0", "page_size out_of_range"), ("page_size=1001", "page_size out_of_range"),
      ("page_size=ten", "page_size out_of_range"),
      ("page_size=99999999999999999999", "page_size out_of_range"),
      ("page_token=!", "page_token invalid_value"), ("page_token=", "page_token invalid_value"),
      ("label=team", "label invalid_value"), ("label==a", "label invalid_value"),
      ("dry_run=true", "dry_run unknown_field"), ("at=five", "at invalid_value"),
      ("page_size=1&page_size=2", "page_size duplicate"),
    ]
  )
  func `a parameter that is wrong is 422 and named`(query: String, error: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(.get, "/services?\(query)")
      #expect(answer.status == 422)
      #expect(answer.errors == [error])
    }
  }

  @Test func `all that is wrong with a query is told at once`() async throws {
    try await API.serve { api in
      let answer = try await api.send(
        .get,
        "/services?page_size=-1&page_token=!&bogus=1&label=&label=x"
      )
      #expect(answer.status == 422)
      #expect(
        answer.errors == [
          "bogus unknown_field", "page_size out_of_range", "page_token invalid_value",
          "label invalid_value", "label invalid_value",
        ]
      )
    }
  }

  @Test func `a token of another kind of list is refused`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/a", "{}")
      try await api.send(.put, "/services/b", "{}")
      let token = try await api.send(.get, "/services?page_size=1").json["next_page_token"]
      for list in ["/revisions", "/routes", "/services/a/endpoints", "/proxies"] {
        let answer = try await api.send(.get, "\(list)?page_token=\(token?.string ?? "")")
        #expect(answer.status == 422)
        #expect(answer.errors == ["page_token invalid_value"])
      }
    }
  }
}
