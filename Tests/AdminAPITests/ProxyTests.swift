import HTTPTypes
import Model
import Publisher
import Snapshots
import Testing

/// `/proxies` and `/revisions/{n}/rollout`.
struct ProxyTests {
  private static let route =
    #"{"match": {"prefix": "/"}, "respond": {"status": 200, "body": "hello"}}"#

  private static func ids(_ answer: Answer) -> [String?] {
    answer.json["items"]?.elements.map { $0["id"]?.string } ?? []
  }

  @Test func `a proxy is told with all that is known of it`() async throws {
    try await API.serve { api in
      FakeProxy(api, "envoy-1", fleet: "east").accept()
      await api.proxies.catchUp()
      let proxy = try await api.send(.get, "/proxies/envoy-1").json
      #expect(proxy["id"] == "envoy-1")
      #expect(proxy["fleet"] == "east")
      #expect(proxy["envoy_version"] == "1.40.0")
      #expect(proxy["locality"] == ["region": "eu", "zone": "eu-1", "sub_zone": "rack-7"])
      #expect(proxy["state"] == "synced")
      #expect(proxy["revision"] == 1)
      #expect(proxy["types"]?["listeners"] == ["acked": 1, "sent": 1])
      #expect(proxy["streams"]?.elements.map { $0["dialect"] } == ["delta"])
      #expect(proxy["last_rejection"] == .null)
    }
  }

  @Test(arguments: ["a/b", "a b", "ü", "50%", "..", "a?b#c", "sidecar~10.0.0.1~x.y"])
  func `an id may be any text`(id: String) async throws {
    try await API.serve { api in
      FakeProxy(api, id).accept()
      await api.proxies.catchUp()
      let encoded = id.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      let proxy = try await api.send(.get, "/proxies/\(encoded)")
      #expect(proxy.json["id"] == .string(id))
      try await api.expect(200, .get, "/proxies/\(encoded)/config")
    }
  }

  @Test func `proxies are listed by id, fleet and state, in pages`() async throws {
    try await API.serve { api in
      for id in ["c", "a", "d"] { FakeProxy(api, id, fleet: "east").accept() }
      FakeProxy(api, "b", fleet: "west").accept()
      api.streams.close(FakeProxy(api, "e", fleet: "west").stream)
      await api.proxies.catchUp()
      for (uri, ids) in [
        ("/proxies", ["a", "b", "c", "d", "e"]), ("/proxies?fleet=east", ["a", "c", "d"]),
        ("/proxies?state=offline", ["e"]), ("/proxies?state=synced&fleet=west", ["b"]),
      ] {
        let answer = try await api.send(.get, uri)
        #expect(Self.ids(answer) == ids, "\(uri)")
      }
      let page = try await api.send(.get, "/proxies?fleet=east&page_size=2")
      let link = try #require(page["Link"]?.firstMatch(of: /<(.*)>; rel="next"/)?.1)
      let last = try await api.send(.get, String(link))
      #expect(Self.ids(last) == ["d"])
    }
  }

  @Test func `what a connected proxy holds is told by type`() async throws {
    try await API.serve { api in
      FakeProxy(api, "envoy-1").accept()
      await api.proxies.catchUp()
      let types = try await api.send(.get, "/proxies/envoy-1/config").json["types"]
      let listeners = try #require(types?["listeners"]?["resources"]?.elements)
      #expect(listeners.map { $0["name"] } == ["default/0.0.0.0:8080"])
      #expect(listeners.first?["resource"]?["name"] == "default/0.0.0.0:8080")
      #expect(types?["clusters"]?["resources"] == [])
    }
  }

  @Test func `what a proxy holds that is gone is not known`() async throws {
    try await API.serve { api in
      let proxy = FakeProxy(api, "envoy-1")
      proxy.take()
      await api.proxies.catchUp()
      api.streams.close(proxy.stream)
      await api.proxies.catchUp()
      #expect(try await api.send(.get, "/proxies/envoy-1").json["state"] == "offline")
      let answer = try await api.send(.get, "/proxies/envoy-1/config")
      #expect(answer.status == 409)
      #expect(answer.code == "offline")
    }
  }

  @Test(
    arguments: [
      ("/proxies/nobody", 404, "not_found"), ("/proxies/nobody/config", 404, "not_found"),
      ("/proxies?state=lost", 422, "invalid"), ("/proxies?state=", 422, "invalid"),
      ("/revisions/2/rollout", 404, "no_such_revision"),
      ("/revisions/0/rollout", 404, "no_such_revision"), ("/revisions/x/rollout", 422, "invalid"),
    ]
  )
  func `what is not there is refused`(_ uri: String, _ status: Int, _ code: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(.get, uri)
      #expect(answer.status == status)
      #expect(answer.code == .string(code))
    }
  }

  @Test func `a refusal names the objects behind it, the last changed one first`() async throws {
    try await API.serve { api in
      try await api.expect(201, .put, "/routes/old", Self.route)
      let proxy = FakeProxy(api, "envoy-1")
      proxy.take()
      await api.proxies.catchUp()
      let elsewhere =
        #"{"hosts": ["b.com"], "gateways": ["other"], "match": {"exact": "/b"}, "redirect": {"port": 1}}"#
      try await api.expect(201, .put, "/gateways/other", #"{"port": 9000}"#)
      try await api.expect(201, .put, "/routes/elsewhere", elsewhere)
      proxy.refuse(.routes, ["default"], saying: "Bad route")
      let new = Self.route.replacing("prefix", with: "exact")
      try await api.expect(201, .put, "/routes/new", new)
      // The ledger itself may be about to store the refusal.
      _ = await api.proxies.wait(for: 5, atMost: .seconds(20))
      await api.proxies.catchUp()
      let proxies = try await api.send(.get, "/proxies?state=rejected").json["items"]?.elements
      let rejection = try #require(proxies?.first?["last_rejection"])
      #expect(rejection["type"] == "routes")
      #expect(rejection["revision"] == 5)
      #expect(rejection["names"] == ["default"])
      #expect(rejection["message"] == "Bad route")
      let objects = rejection["objects"]?.elements ?? []
      #expect(objects.map { $0["name"] } == ["new", "default"])
      #expect(objects.map { $0["kind"] } == ["route", "gateway"])
      #expect(objects.map { $0["revision"] } == [5, 1])
      #expect(objects.map { $0["author"] } == ["anonymous", "chancery"])
    }
  }

  @Test func `a rollout's proxies are listed in pages, and its counts are of all`() async throws {
    try await API.serve { api in
      for id in ["c", "a", "e", "b", "d"] { FakeProxy(api, id).accept() }
      await api.proxies.catchUp()
      var uri: String? = "/revisions/1/rollout?page_size=2"
      var pages: [[String?]] = []
      while let next = uri {
        let answer = try await api.send(.get, next)
        pages.append(answer.json["proxies"]?.elements.map { $0["id"]?.string } ?? [])
        #expect(answer.json["counts"]?["acked"] == 5)
        #expect(answer["Chancery-Revision"] == "1")
        uri = answer["Link"]?.firstMatch(of: /<(.*)>; rel="next"/).map { String($0.1) }
        #expect((answer.json["next_page_token"] == .null) == (uri == nil))
      }
      #expect(pages == [["a", "b"], ["c", "d"], ["e"]])
      let token = try await api.send(.get, "/revisions/1/rollout?page_size=2")
        .json["next_page_token"]?.string
      try await api.send(.put, "/services/a", "{}")
      try await api.expect(422, .get, "/revisions/2/rollout?page_token=\(token ?? "")")
    }
  }

  @Test func `a rollout tells how far each proxy is`() async throws {
    try await API.serve { api in
      FakeProxy(api, "good").accept()
      let bad = FakeProxy(api, "bad")
      bad.take()
      await api.proxies.catchUp()
      bad.refuse(.cluster, ["a"], saying: "No")
      try await api.expect(201, .put, "/services/a", "{}")
      try await api.expect(
        201,
        .put,
        "/routes/a",
        #"{"match": {"prefix": "/"}, "service": "a"}"#
      )
      _ = FakeProxy(api, "new")
      // The ledger itself may be about to store the refusal.
      _ = await api.proxies.wait(for: 3, atMost: .seconds(20))
      await api.proxies.catchUp()
      let rollout = try await api.send(.get, "/revisions/3/rollout").json
      #expect(rollout["revision"] == 3)
      #expect(rollout["complete"] == false)
      #expect(
        rollout["counts"] == ["pending": 1, "sent": 0, "acked": 1, "rejected": 1, "offline": 0]
      )
      let proxies = rollout["proxies"]?.elements ?? []
      #expect(proxies.map { $0["id"] } == ["bad", "good", "new"])
      #expect(proxies.map { $0["state"] } == ["rejected", "acked", "pending"])
      #expect(proxies.first?["rejection"]?["objects"]?.elements.first?["name"] == "a")
    }
  }
}
