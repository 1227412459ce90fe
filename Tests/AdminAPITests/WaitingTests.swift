import HTTPTypes
import HummingbirdTesting
import Model
import Publisher
import Snapshots
import Testing

/// `Prefer: wait`.
struct WaitingTests {
  private static let route =
    #"{"match": {"prefix": "/"}, "respond": {"status": 200, "body": "hello"}}"#

  @Test(
    arguments: [
      (["wait=10"], "wait=10"), (["Wait=10"], "wait=10"), (["wait = \"10\""], "wait=10"),
      (["wait=10; foo=bar"], "wait=10"), (["respond-async, wait=7"], "wait=7"),
      (["foo=\"a, wait=3\", wait=4"], "wait=4"), (["respond-async", "wait=5"], "wait=5"),
      (["wait=1, wait=2"], "wait=1"), (["wait=0"], "wait=0"), (["wait=301"], "wait=300"),
      (["wait=99999999999999999999"], "wait=300"), ([",, wait=6 ,"], "wait=6"),
      (["wait"], nil), (["wait="], nil), (["wait=-1"], nil), (["wait=1.5"], nil),
      (["wait=10s"], nil), (["waiting=10"], nil), ([""], nil), (["\"wait=10"], nil),
      (["wait=x, wait=5"], nil),
    ] as [([String], String?)]
  )
  func `the header is read as RFC 7240 says`(lines: [String], applied: String?) async throws {
    try await API.serve { api in
      var headers = HTTPFields()
      for line in lines { headers.append(HTTPField(name: .prefer, value: line)) }
      let answer = try await api.send(.put, "/services/a", "{}", headers: headers)
      #expect(answer.status == 201)
      #expect(answer["Preference-Applied"] == applied)
    }
  }

  @Test func `a write that all took is answered as ever, and says that it waited`() async throws {
    try await API.serve(.live) { api in
      FakeProxy(api, "envoy-1").accept()
      let wait: HTTPFields = [.prefer: "wait=30"]
      let created = try await api.send(.put, "/routes/a", Self.route, headers: wait)
      #expect(created.status == 201)
      #expect(created["Preference-Applied"] == "wait=30")
      #expect(created["Location"] == "/routes/a")
      #expect(created.json["name"] == "a")
      #expect(created["Connection"] == "close")
    }
  }

  @Test func `a deletion that all took is 204`() async throws {
    try await API.serve(.live) { api in
      FakeProxy(api, "envoy-1").accept()
      try await api.expect(201, .put, "/routes/a", Self.route)
      let answer = try await api.send(.delete, "/routes/a", headers: [.prefer: "wait=30"])
      #expect(answer.status == 204)
      #expect(answer["Preference-Applied"] == "wait=30")
    }
  }

  @Test func `a write that is not everywhere in time is accepted`() async throws {
    try await API.serve { api in
      _ = FakeProxy(api, "envoy-1")
      await api.proxies.catchUp()
      let calls: [(HTTPRequest.Method, String, String?)] = [
        (.post, "/services", #"{"name": "a"}"#), (.put, "/routes/a", Self.route),
        (.put, "/services/a/endpoints/10.0.0.1:80", "{}"),
        (.patch, "/config", #"{"services": {"b": {}}}"#), (.post, "/revisions/1/rollback", nil),
        (.put, "/services/c", "{}"), (.delete, "/services/c", nil),
      ]
      for (method, uri, body) in calls {
        let answer = try await api.send(method, uri, body, headers: [.prefer: "wait=0"])
        #expect(answer.status == 202, "\(method) \(uri): \(answer.text)")
        #expect(answer["Preference-Applied"] == nil)
        let number = api.revision
        #expect(answer["Link"] == "</revisions/\(number)/rollout>; rel=\"status\"")
        #expect(answer.json.members.keys.sorted() == ["revision", "rollout"])
        #expect(answer.json["revision"] == .integer(Int64(number)))
        #expect(answer.json["rollout"]?["proxies"]?.elements.first?["state"] == "pending")
      }
    }
  }

  @Test func `a refusal ends the wait, with the proxy's words and the object`() async throws {
    try await API.serve(.live) { api in
      let proxy = FakeProxy(api, "envoy-1")
      proxy.take()
      await api.proxies.catchUp()
      proxy.refuse(.listener, ["second/0.0.0.0:9000"], saying: "cannot bind")
      let answer = try await api.send(
        .put,
        "/gateways/second",
        #"{"port": 9000}"#,
        headers: [.prefer: "wait=300"]
      )
      #expect(answer.status == 202)
      #expect(answer["Location"] == "/gateways/second")
      #expect(answer["ETag"] == "\"2\"")
      let entry = try #require(answer.json["rollout"]?["proxies"]?.elements.first)
      #expect(entry["state"] == "rejected")
      #expect(entry["rejection"]?["message"] == "cannot bind")
      let object = entry["rejection"]?["objects"]?.elements.first
      #expect(object?["name"] == "second")
      #expect(object?["revision"] == 2)
    }
  }

  @Test func `a write that changes nothing waits for the head`() async throws {
    try await API.serve { api in
      try await api.expect(201, .put, "/routes/a", Self.route)
      let proxy = FakeProxy(api, "envoy-1")
      await api.proxies.catchUp()
      let early = try await api.send(.put, "/routes/a", Self.route, headers: [.prefer: "wait=0"])
      #expect(early.status == 202)
      #expect(early.json["revision"] == 2)
      proxy.take()
      await api.proxies.catchUp()
      let late = try await api.send(.put, "/routes/a", Self.route, headers: [.prefer: "wait=0"])
      #expect(late.status == 200)
      #expect(late["Preference-Applied"] == "wait=0")
    }
  }

  @Test func `a write that is refused waits for nobody, and reading never waits`() async throws {
    try await API.serve { api in
      _ = FakeProxy(api, "envoy-1")
      await api.proxies.catchUp()
      let wait: HTTPFields = [.prefer: "wait=300"]
      try await api.expect(422, .put, "/services/a", #"{"bogus": 1}"#, headers: wait)
      try await api.expect(404, .delete, "/services/a", headers: wait)
      try await api.expect(200, .get, "/config", headers: wait)
    }
  }

  @Test func `the answer in YAML is in YAML`() async throws {
    try await API.serve(.live) { api in
      _ = FakeProxy(api, "envoy-1")
      await api.proxies.catchUp()
      let answer = try await api.send(
        .patch,
        "/config",
        #"{"services": {"a": {}}}"#,
        headers: [.prefer: "wait=0", .accept: "application/yaml"]
      )
      #expect(answer.status == 202)
      #expect(answer["Content-Type"] == "application/yaml")
    }
  }
}

extension HTTPField.Name {
  static var prefer: Self { Self("Prefer") ?? .via }
}
