import HTTPTypes
import Model
import Testing

struct RevisionTests {
  @Test func `revisions are listed newest first`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/a", "{}", headers: [.message: "Add a"])
      try await api.send(.put, "/services/a", #"{"protocol": "http2"}"#)
      let answer = try await api.send(.get, "/revisions")
      let items = answer.json["items"]?.elements ?? []
      #expect(items.map { $0["number"] } == [3, 2, 1])
      #expect(items.map { $0["message"] } == [.null, "Add a", items.last?["message"]])
      #expect(items.first?["counts"] == ["added": 0, "changed": 1, "removed": 0])
      #expect(items.first?["parent"] == 2)
      #expect(items.last?["parent"] == .null)
      #expect(answer.json["revision"] == 3)
    }
  }

  @Test func `revisions come in pages, all of the head of the first`() async throws {
    try await API.serve { api in
      for name in ["a", "b", "c"] { try await api.send(.put, "/services/\(name)", "{}") }
      var uri: String? = "/revisions?page_size=2"
      var pages: [[JSONValue?]] = []
      while let next = uri {
        let answer = try await api.send(.get, next)
        pages.append(answer.json["items"]?.elements.map { $0["number"] } ?? [])
        #expect(answer.json["revision"] == 4)
        #expect(answer["Chancery-Revision"] == "4")
        uri = answer["Link"]?.firstMatch(of: /<(.*)>; rel="next"/).map { String($0.1) }
        try await api.send(.put, "/services/d", "{}")
      }
      #expect(pages == [[4, 3], [2, 1]])
    }
  }

  @Test func `a revision tells what it did to each object`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/a", "{}")
      try await api.send(.patch, "/services/a", #"{"protocol": "http2"}"#)
      let answer = try await api.send(.get, "/revisions/3")
      #expect(answer["Chancery-Revision"] == "3")
      #expect(answer.json["kind"] == "change")
      #expect(answer.json["author"] == "anonymous")
      let change = try #require(answer.json["changes"]?.elements.first)
      #expect(change["kind"] == "service")
      #expect(change["name"] == "a")
      #expect(change["op"] == "changed")
      #expect(change["before"]?["protocol"] == nil)
      #expect(change["after"]?["protocol"] == "http2")
    }
  }

  @Test(
    arguments: [
      ("0", 404), ("2", 404), ("99999999999999999999", 404), ("x", 422), ("-1", 422), ("1.0", 422),
      ("%2B1", 422),
    ]
  )
  func `a revision that is not there is refused`(number: String, status: Int) async throws {
    try await API.serve { api in
      let read = try await api.send(.get, "/revisions/\(number)")
      let rollback = try await api.send(.post, "/revisions/\(number)/rollback")
      #expect([read.status, rollback.status] == [status, status])
      #expect(read.code == (status == 404 ? "no_such_revision" : "invalid"))
      #expect(api.revision == 1)
    }
  }

  @Test func `a rollback is a new revision with the old document`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/a", ObjectTests.service)
      let before = api.document.json
      try await api.send(.delete, "/services/a")
      let answer = try await api.send(.post, "/revisions/2/rollback", headers: [.message: "Undo"])
      #expect(answer.status == 201)
      #expect(answer["Location"] == "/revisions/4")
      #expect(answer.json["kind"] == "rollback")
      #expect(answer.json["rollback_of"] == 2)
      #expect(answer.json["message"] == "Undo")
      #expect(api.document.json == before)
    }
  }

  @Test func `a rollback to what is there already makes no revision`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/a", "{}")
      let answer = try await api.send(.post, "/revisions/2/rollback")
      #expect(answer.status == 200)
      #expect(answer.json["number"] == 2)
      #expect(answer.json["changes"] == [])
      #expect(answer["Location"] == nil)
      #expect(api.revision == 2)
    }
  }

  @Test func `a rollback with an empty object for a body is fine, with another it is not`()
    async throws
  {
    try await API.serve { api in
      try await api.expect(200, .post, "/revisions/1/rollback", "{}")
      try await api.expect(422, .post, "/revisions/1/rollback", #"{"a": 1}"#)
      try await api.expect(200, .post, "/revisions/1/rollback", "")
      try await api.expect(400, .post, "/revisions/1/rollback", "{")
    }
  }

  @Test(arguments: ["a\tb", "a\u{FFFD}", String(repeating: "ä", count: 513)])
  func `a message that is not a short line is refused`(message: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(.put, "/services/a", "{}", headers: [.message: message])
      #expect(answer.status == 422)
      #expect(answer.errors == ["Chancery-Message invalid_value"])
      #expect(api.revision == 1)
    }
  }
}

extension HTTPField.Name {
  static var message: Self { Self("Chancery-Message") ?? .via }
}
