import HTTPTypes
import Model
import Store
import Testing

struct ObjectTests {
  static let route = #"{"match": {"prefix": "/api"}, "service": "users"}"#
  static let service = #"{"endpoints": [{"address": "10.0.0.1", "port": 80}]}"#

  @Test func `POST creates, and says where and at which revision`() async throws {
    try await API.serve { api in
      let answer = try await api.send(
        .post,
        "/services",
        #"{"name": "users", "endpoints": [{"address": "10.0.0.1", "port": 8080}]}"#
      )
      #expect(answer.status == 201)
      #expect(answer["Location"] == "/services/users")
      #expect(answer["ETag"] == "\"2\"")
      #expect(answer["Chancery-Revision"] == "2")
      #expect(answer.json["name"] == "users")
      #expect(answer.json["endpoints"] == [["address": "10.0.0.1", "port": 8080]])
      #expect(answer.json["meta"]?["revision"] == 2)
      #expect(answer.json["meta"]?["created_by"] == "anonymous")
      #expect(try await api.send(.get, "/services/users").json == answer.json)
    }
  }

  @Test(
    arguments: [
      ("gateways", #"{"name": "a", "port": 9090}"#), ("services", #"{"name": "a"}"#),
      ("routes", #"{"name": "a", "match": {"prefix": "/"}, "respond": {"status": 200}}"#),
    ]
  )
  func `an object of each kind is made once, listed, read, changed and deleted`(
    section: String,
    body: String
  ) async throws {
    try await API.serve { api in
      let made = try await api.send(.post, "/\(section)", body)
      #expect(made.status == 201)
      #expect(made["Location"] == "/\(section)/a")
      #expect(made["ETag"] == #""2""#)
      try await api.expect(409, .post, "/\(section)", body)
      let list = try await api.send(.get, "/\(section)").json
      #expect(list["items"]?.elements.contains(made.json) == true)
      #expect(list.members.keys.sorted() == ["items", "next_page_token", "revision"])
      #expect(try await api.send(.get, "/\(section)/a").json == made.json)
      #expect(api.document.json[section]?["a"] != nil)
      let patched = try await api.send(.patch, "/\(section)/a", #"{"labels": {"team": "x"}}"#)
      #expect(patched.json["labels"] == ["team": "x"])
      let replaced = try await api.send(.put, "/\(section)/a", body)
      #expect(replaced.json["labels"] == nil)
      try await api.expect(204, .delete, "/\(section)/a")
      try await api.expect(404, .delete, "/\(section)/a")
      let history = try await api.send(.get, "/\(section)/a/revisions").json["items"]?.elements
      #expect(history?.map { $0["op"] } == ["removed", "changed", "changed", "added"])
    }
  }

  @Test func `POST of a taken name is 409, and changes nothing`() async throws {
    try await API.serve { api in
      let answer = try await api.send(.post, "/gateways", #"{"name": "default", "port": 9090}"#)
      #expect(answer.status == 409)
      #expect(answer.code == "exists")
      #expect(answer.errors == ["/gateways/default exists"])
      #expect(api.revision == 1)
    }
  }

  @Test func `a body without a name is told all its faults`() async throws {
    try await API.serve { api in
      let answer = try await api.send(.post, "/services", #"{"endpoints": [{"port": 0}], "x": 1}"#)
      #expect(answer.status == 422)
      #expect(
        answer.errors == [
          "/endpoints/0/address required", "/endpoints/0/port out_of_range", "/name required",
          "/x unknown_field",
        ]
      )
    }
  }

  @Test(arguments: ["Users", "-a", "a_b", "", "a/b", String(repeating: "a", count: 64)])
  func `a name that is none is refused by POST at its place`(name: String) async throws {
    try await API.serve { api in
      let body = JSONValue.object(["name": .string(name)]).text
      let answer = try await api.send(.post, "/services", body)
      #expect(answer.status == 422)
      #expect(answer.errors == ["/name invalid_value"])
    }
  }

  @Test func `PUT creates with 201 and replaces with 200`() async throws {
    try await API.serve { api in
      let new = try await api.send(.put, "/services/users", #"{"protocol": "http2"}"#)
      #expect(new.status == 201)
      #expect(new["Location"] == "/services/users")
      let replaced = try await api.send(.put, "/services/users", #"{"labels": {"team": "a"}}"#)
      #expect(replaced.status == 200)
      #expect(replaced["Location"] == nil)
      #expect(replaced.json["protocol"] == nil)
      #expect(replaced["ETag"] == "\"3\"")
    }
  }

  @Test(arguments: ["/gateways/default", "/services/users", "/routes/api"])
  func `what GET returned can be PUT back, and makes no revision`(path: String) async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/users", Self.service)
      try await api.send(.put, "/routes/api", Self.route)
      let before = try await api.send(.get, path)
      let answer = try await api.send(.put, path, before.text)
      #expect(answer.status == 200)
      #expect(answer.json == before.json)
      #expect(answer["ETag"] == before["ETag"])
      #expect(api.revision == 3)
      let plan = try await api.send(.put, "\(path)?dry_run=true", before.text)
      #expect(plan.json["changes"] == [])
    }
  }

  @Test(
    arguments: [
      (.put, "/services/a", #"{"name": "b"}"#, "/name"),
      (.patch, "/services/a", #"{"name": "b"}"#, "/name"),
      (.put, "/config", #"{"services": {"a": {"name": "b"}}}"#, "/services/a/name"),
      (.patch, "/config", #"{"services": {"a": {"name": "b"}}}"#, "/services/a/name"),
    ] as [(HTTPRequest.Method, String, String, String)]
  )
  func `a name in the body that is not the path's is refused`(
    method: HTTPRequest.Method,
    uri: String,
    body: String,
    pointer: String
  ) async throws {
    try await API.serve { api in
      try await api.expect(201, .put, "/services/a", "{}")
      let answer = try await api.send(method, uri, body)
      #expect(answer.status == 422)
      #expect(answer.errors == ["\(pointer) invalid_value"])
      #expect(api.revision == 2)
    }
  }

  @Test(arguments: ["application/merge-patch+json", "application/json"])
  func `PATCH changes the fields it names, and null unsets one`(type: String) async throws {
    try await API.serve { api in
      try await api.send(
        .put,
        "/services/users",
        #"{"protocol": "http2", "labels": {"a": "1", "b": "2"}}"#
      )
      let answer = try await api.send(
        .patch,
        "/services/users",
        #"{"protocol": null, "labels": {"a": null, "c": "3"}, "connect_timeout": "250ms"}"#,
        headers: [.contentType: type]
      )
      #expect(answer.status == 200)
      #expect(answer.json["protocol"] == nil)
      #expect(answer.json["labels"] == ["b": "2", "c": "3"])
      #expect(answer.json["connect_timeout"] == "250ms")
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .patch, .delete])
  func `what is not there is 404`(method: HTTPRequest.Method) async throws {
    try await API.serve { api in
      for name in ["nobody", "No_Name", "%00", "a%2Fb"] {
        let answer = try await api.send(
          method,
          "/services/\(name)",
          method == .patch ? "{}" : nil
        )
        #expect(answer.status == 404)
        #expect(answer.code == "not_found")
      }
    }
  }

  @Test func `DELETE is 204, and then it is gone`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/users", Self.service)
      let answer = try await api.send(.delete, "/services/users")
      #expect(answer.status == 204)
      #expect(answer["Chancery-Revision"] == "3")
      try await api.expect(404, .get, "/services/users")
    }
  }

  @Test func `DELETE of what others refer to is 409 and names them`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/users", Self.service)
      try await api.send(.put, "/routes/api", Self.route)
      let answer = try await api.send(.delete, "/services/users")
      #expect(answer.status == 409)
      #expect(answer.code == "conflict")
      #expect(answer.errors == ["/routes/api still_referenced"])
      #expect(api.revision == 3)
    }
  }

  @Test func `an unknown reference is 422 at its place in the body`() async throws {
    try await API.serve { api in
      let answer = try await api.send(.put, "/routes/api", Self.route)
      #expect(answer.status == 422)
      #expect(answer.errors == ["/service unknown_reference"])
      #expect(api.revision == 1)
    }
  }

  @Test func `a port in use is 409 at its place in the document`() async throws {
    try await API.serve { api in
      let answer = try await api.send(.post, "/gateways", #"{"name": "other", "port": 8080}"#)
      #expect(answer.status == 409)
      #expect(answer.errors == ["/gateways/other/port port_in_use"])
    }
  }

  @Test func `a route that no request can tell from another is 409`() async throws {
    try await API.serve { api in
      try await api.send(.put, "/services/users", Self.service)
      try await api.expect(201, .put, "/routes/api", Self.route)
      let answer = try await api.send(.put, "/routes/other", Self.route)
      #expect(answer.status == 409)
      #expect(answer.errors == ["/routes/other ambiguous_route"])
      #expect(api.revision == 3)
    }
  }

  @Test func `meta tells who made and who last changed an object`() async throws {
    try await API.serve { api in
      let made = try await api.send(.put, "/services/users", Self.service)
      try await api.send(.put, "/services/other", "{}")
      let ada = try await api.makeToken("ada", .editor)
      let changed = try await api.send(
        .patch,
        "/services/users",
        #"{"protocol": "http2"}"#,
        headers: ada
      )
      let (first, meta) = (made.json["meta"], changed.json["meta"])
      #expect(
        meta?.members.keys.sorted() == [
          "created_at", "created_by", "revision", "updated_at", "updated_by",
        ]
      )
      #expect(first?["created_at"] == first?["updated_at"])
      #expect(meta?["revision"] == 4)
      #expect(meta?["created_at"] == first?["created_at"])
      #expect([meta?["created_by"], meta?["updated_by"]] == ["anonymous", "ada"])
    }
  }

  @Test func `200 concurrent writers all get a revision of their own`() async throws {
    try await API.serve { api in
      let revisions = try await withThrowingTaskGroup(of: String?.self) { group in
        for number in 1...200 {
          group.addTask {
            try await api.send(.put, "/services/s\(number)", "{}")["Chancery-Revision"]
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(revisions) == Set((2...201).map { "\($0)" }))
      #expect(api.document.names(of: .service).count == 200)
    }
  }
}
