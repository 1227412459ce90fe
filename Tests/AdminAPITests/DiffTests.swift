import HTTPTypes
import Model
import Testing

/// `GET /revisions/{n}/diff`, and the histories of objects.
struct DiffTests {
  /// Revision 2 makes service `a` and a route to it, 3 changes `a`, 4 removes both.
  private static func serve(_ body: @Sendable (API) async throws -> Void) async throws {
    try await API.serve { api in
      let first = """
        {"services": {"a": {"endpoints": [{"address": "10.0.0.1", "port": 80}]}},
         "routes": {"r": {"match": {"prefix": "/"}, "service": "a"}}}
        """
      try await api.expect(200, .patch, "/config", first, headers: [.message: "First"])
      try await api.expect(200, .patch, "/services/a", #"{"protocol": "http2"}"#)
      try await api.expect(
        200,
        .patch,
        "/config",
        #"{"services": {"a": null}, "routes": {"r": null}}"#
      )
      try await body(api)
    }
  }

  @Test func `a revision differs from its parent by what it changed`() async throws {
    try await Self.serve { api in
      let answer = try await api.send(.get, "/revisions/3/diff")
      #expect(answer["Chancery-Revision"] == "3")
      #expect(
        answer.json == [
          "from": 2, "to": 3,
          "changes": [
            [
              "kind": "service", "name": "a", "op": "changed",
              "patch": [["op": "add", "path": "/protocol", "value": "http2"]],
            ]
          ],
        ]
      )
    }
  }

  @Test func `what is added and removed is told whole`() async throws {
    try await Self.serve { api in
      let added = try await api.send(.get, "/revisions/2/diff").json["changes"]?.elements ?? []
      #expect(added.map { $0["op"] } == ["added", "added"])
      #expect(added.map { $0["kind"] } == ["route", "service"])
      #expect(
        added.first?["patch"] == [
          [
            "op": "add", "path": "",
            "value": ["match": ["prefix": "/"], "service": "a"],
          ]
        ]
      )
      let removed = try await api.send(.get, "/revisions/4/diff").json["changes"]?.elements ?? []
      #expect(removed.map { $0["op"] } == ["removed", "removed"])
      #expect(removed.first?["patch"] == [["op": "remove", "path": ""]])
    }
  }

  @Test func `any two revisions can be compared, in both directions`() async throws {
    try await Self.serve { api in
      let nothing = try await api.send(.get, "/revisions/4/diff?from=1")
      #expect(nothing.json == ["from": 1, "to": 4, "changes": []])
      let back = try await api.send(.get, "/revisions/2/diff?from=3")
      #expect(
        back.json["changes"]?.elements.first?["patch"] == [["op": "remove", "path": "/protocol"]]
      )
      let same = try await api.send(.get, "/revisions/2/diff?from=2")
      #expect(same.json["changes"] == [])
    }
  }

  @Test func `the document before the first revision is empty`() async throws {
    try await Self.serve { api in
      for uri in ["/revisions/1/diff", "/revisions/1/diff?from=0"] {
        let answer = try await api.send(.get, uri)
        #expect(answer.json["from"] == 0)
        #expect(answer.json["changes"]?.elements.map { $0["name"] } == ["default"])
      }
      let all = try await api.send(.get, "/revisions/3/diff?from=0")
      #expect(all.json["changes"]?.elements.map { $0["op"] } == ["added", "added", "added"])
    }
  }

  @Test(
    arguments: [
      ("5/diff", 404), ("0/diff", 404), ("2/diff?from=5", 404), ("x/diff", 422),
      ("2/diff?from=x", 422), ("2/diff?from=-1", 422), ("2/diff?from=", 422),
      ("2/diff?from=1&from=2", 422), ("99999999999999999999/diff", 404),
    ]
  )
  func `a revision that there is not is refused`(path: String, status: Int) async throws {
    try await Self.serve { api in
      let answer = try await api.send(.get, "/revisions/\(path)")
      #expect(answer.status == status)
      #expect(answer.code == (status == 404 ? "no_such_revision" : "invalid"))
    }
  }

  @Test func `an object's history has all that happened to it, and nothing else`() async throws {
    try await Self.serve { api in
      try await api.expect(201, .put, "/services/b", "{}")
      let answer = try await api.send(.get, "/services/a/revisions")
      let items = answer.json["items"]?.elements ?? []
      #expect(items.map { $0["number"] } == [4, 3, 2])
      #expect(items.map { $0["op"] } == ["removed", "changed", "added"])
      #expect(items.map { $0["kind"] } == ["change", "change", "change"])
      #expect(items.last?["message"] == "First")
      #expect(items.last?["author"] == "anonymous")
      #expect(items[1]["patch"] == [["op": "add", "path": "/protocol", "value": "http2"]])
      #expect(answer.json["revision"] == 5)
      #expect(answer["Chancery-Revision"] == "5")
    }
  }

  @Test(arguments: ["services", "routes", "gateways"])
  func `a name that was never used has no history`(section: String) async throws {
    try await Self.serve { api in
      for name in ["nobody", "A%20b"] {
        let answer = try await api.send(.get, "/\(section)/\(name)/revisions")
        #expect(answer.status == 404)
        #expect(answer.code == "not_found")
      }
    }
  }

  @Test func `a history comes in pages, and what comes meanwhile is on none`() async throws {
    try await Self.serve { api in
      var uri: String? = "/services/a/revisions?page_size=2"
      var pages: [[JSONValue?]] = []
      while let next = uri {
        let answer = try await api.send(.get, next)
        pages.append(answer.json["items"]?.elements.map { $0["number"] } ?? [])
        #expect(answer.json["revision"] == 4)
        uri = answer["Link"]?.firstMatch(of: /<(.*)>; rel="next"/).map { String($0.1) }
        try await api.send(.put, "/services/a", #"{"protocol": "http\#(pages.count)"}"#)
      }
      #expect(pages == [[4, 3], [2]])
    }
  }

  @Test func `an endpoint's change is in its service's history`() async throws {
    try await Self.serve { api in
      try await api.expect(201, .put, "/services/b", "{}")
      try await api.expect(201, .put, "/services/b/endpoints/10.0.0.9:80", "{}")
      let items = try await api.send(.get, "/services/b/revisions").json["items"]?.elements ?? []
      #expect(items.map { $0["op"] } == ["changed", "added"])
    }
  }
}
