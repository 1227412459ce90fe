import HTTPTypes
import Model
import Testing

/// `GET /xds/{type}`.
struct ResourceTests {
  /// Two gateways of two fleets, and a route with a service on each.
  private static func fill(_ api: API) async throws {
    for (fleet, port) in [("east", 9001), ("west", 9002)] {
      try await api.expect(
        201,
        .put,
        "/gateways/\(fleet)",
        #"{"port": \#(port), "fleet": "\#(fleet)"}"#
      )
      let endpoint = #"{"address": "10.0.0.1", "port": \#(port)}"#
      try await api.expect(201, .put, "/services/\(fleet)", #"{"endpoints": [\#(endpoint)]}"#)
      try await api.expect(
        201,
        .put,
        "/routes/\(fleet)",
        #"{"gateways": ["\#(fleet)"], "match": {"prefix": "/"}, "service": "\#(fleet)"}"#
      )
    }
  }

  private static func names(_ answer: Answer) -> [String?] {
    answer.json["resources"]?.elements.map { $0["name"]?.string } ?? []
  }

  @Test func `a fleet has its gateways and what these reach`() async throws {
    try await API.serve { api in
      try await Self.fill(api)
      for (uri, expected) in [
        ("/xds/listeners?fleet=east", ["default/0.0.0.0:8080", "east/0.0.0.0:9001"]),
        ("/xds/clusters?fleet=east", ["east"]),
        ("/xds/endpoints?fleet=west", ["west"]),
        ("/xds/routes?fleet=west", ["default", "default/vhds", "west", "west/vhds"]),
        ("/xds/virtual_hosts?fleet=west", ["west/vhds/*"]),
        ("/xds/secrets?fleet=west", []),
        ("/xds/listeners", ["default/0.0.0.0:8080"]),
        ("/xds/listeners?fleet=north", ["default/0.0.0.0:8080"]),
        ("/xds/clusters", []),
      ] {
        #expect(Self.names(try await api.send(.get, uri)) == expected, "\(uri)")
      }
    }
  }

  @Test func `a resource is told in protobuf's JSON`() async throws {
    try await API.serve { api in
      try await Self.fill(api)
      let answer = try await api.send(.get, "/xds/listeners?fleet=east").json
      #expect(answer["fleet"] == "east")
      #expect(answer["type"] == "listeners")
      #expect(answer["type_url"] == "type.googleapis.com/envoy.config.listener.v3.Listener")
      #expect(answer["revision"] == 7)
      let listener = try #require(answer["resources"]?.elements.last?["resource"])
      #expect(listener["address"]?["socket_address"]?["port_value"] == 9001)
      let filter = listener["filter_chains"]?.elements.first?["filters"]?.elements.first
      #expect(filter?["typed_config"]?["rds"]?["route_config_name"] == "east/vhds")
    }
  }

  @Test func `a past revision is compiled anew`() async throws {
    try await API.serve { api in
      try await Self.fill(api)
      try await api.expect(204, .delete, "/routes/west")
      let now = try await api.send(.get, "/xds/clusters?fleet=west")
      #expect(Self.names(now) == [])
      #expect(now["Chancery-Revision"] == "8")
      let past = try await api.send(.get, "/xds/clusters?fleet=west&at=7")
      #expect(Self.names(past) == ["west"])
      #expect(past.json["revision"] == 7)
      #expect(past["Chancery-Revision"] == "7")
      #expect(Self.names(try await api.send(.get, "/xds/clusters?fleet=west&at=6")) == [])
    }
  }

  @Test func `the pages are all of one revision`() async throws {
    try await API.serve { api in
      try await Self.fill(api)
      let first = try await api.send(.get, "/xds/listeners?fleet=west&page_size=1")
      #expect(Self.names(first) == ["default/0.0.0.0:8080"])
      let link = try #require(first["Link"]?.firstMatch(of: /<(.*)>; rel="next"/)?.1)
      try await api.expect(204, .delete, "/routes/west")
      try await api.expect(204, .delete, "/gateways/west")
      let second = try await api.send(.get, String(link))
      #expect(Self.names(second) == ["west/0.0.0.0:9002"])
      #expect(second.json["next_page_token"] == .null)
      #expect(second["Link"] == nil)
    }
  }

  @Test(
    arguments: [
      ("/xds/clusters?at=2", 404, "no_such_revision"),
      ("/xds/clusters?at=0", 404, "no_such_revision"),
      ("/xds/clusters?at=99999999999999999999", 404, "no_such_revision"),
      ("/xds/clusters?at=-1", 422, "invalid"), ("/xds/clusters?at=", 422, "invalid"),
      ("/xds/clusters?at=one", 422, "invalid"), ("/xds/clusters?at=1&at=1", 422, "invalid"),
      ("/xds/cluster", 404, "not_found"), ("/xds/clusters?service=a", 422, "invalid"),
    ]
  )
  func `what is not there is refused`(_ uri: String, _ status: Int, _ code: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(.get, uri)
      #expect(answer.status == status)
      #expect(answer.code == .string(code))
    }
  }
}
