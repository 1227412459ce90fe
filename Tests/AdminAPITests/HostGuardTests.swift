import HTTPTypes
import Model
import Testing

struct HostGuardTests {
  @Test(
    arguments: [
      "localhost", "LOCALHOST:18001", "127.0.0.1", "127.0.0.1:18001", "127.8.9.10:1", "[::1]",
      "[::1]:18001",
    ]
  )
  func `a loopback host is served`(host: String) async throws {
    try await API.serve { api in
      try await api.expect(200, .get, "http://\(host)/healthz")
    }
  }

  @Test(
    arguments: [
      "evil.example", "evil.example:18001", "localhost.evil.example", "127.0.0.1.evil.example",
      "127.0.0.999", "127.0.0", "127.0.0.+1", "128.0.0.1", "0.0.0.0", "[::2]", "[::1", "::1",
      "localhost@evil.example", "evil@localhost",
    ]
  )
  func `another host is misdirected`(host: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(.get, "http://\(host)/healthz")
      #expect(answer.status == 421)
      #expect(answer.code == "misdirected")
    }
  }

  @Test func `a host that settings allow is served`() async throws {
    try await API.serve(allowedHosts: ["chancery.internal"]) { api in
      try await api.expect(200, .get, "http://Chancery.Internal:1/healthz")
      try await api.expect(200, .get, "http://localhost/healthz")
      try await api.expect(421, .get, "http://evil.example/healthz")
    }
  }

  @Test func `without a list of hosts every host is served`() async throws {
    try await API.serve(allowedHosts: nil) { api in
      try await api.expect(200, .get, "http://evil.example/healthz")
    }
  }

  @Test(
    arguments: [
      [HTTPField.Name.origin: "https://evil.example"], [.origin: "null"],
      [.origin: "http://localhost:3000"], [.fetchSite: "cross-site"], [.fetchSite: "same-site"],
    ] as [HTTPFields]
  )
  func `a page of another origin may not write`(headers: HTTPFields) async throws {
    try await API.serve { api in
      let answer = try await api.send(.put, "/services/a", "{}", headers: headers)
      #expect(answer.status == 403)
      #expect(answer.code == "cross_site")
      #expect(api.revision == 1)
      try await api.expect(200, .get, "/services", headers: headers)
    }
  }

  @Test(
    arguments: [
      [HTTPField.Name.origin: "http://localhost"], [.fetchSite: "same-origin"],
      [.fetchSite: "none"],
    ] as [HTTPFields]
  )
  func `a page of its own origin may write`(headers: HTTPFields) async throws {
    try await API.serve { api in
      try await api.expect(201, .put, "/services/a", "{}", headers: headers)
    }
  }
}

extension HTTPField.Name {
  fileprivate static var fetchSite: Self { Self("Sec-Fetch-Site") ?? .via }
}
