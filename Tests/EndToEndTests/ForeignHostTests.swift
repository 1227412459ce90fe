import Testing

extension EndToEnd {
  @Suite struct ForeignHost {
    @Test func `a request that names another host is misdirected, and stores nothing`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()

        for host in ["evil.example", "localhost.evil.example:18001", "10.0.0.1"] {
          let answer = try await chancery.call(
            .post,
            "/services",
            #"{"name": "a"}"#,
            headers: ["host": host]
          )
          #expect(answer.status == 421)
          #expect(answer["code"] as? String == "misdirected")
        }
        #expect(try await chancery.call(.get, "/config").revision == 1)

        let named = try await chancery.call(.get, "/version", headers: ["host": "LOCALHOST:1"])
        #expect(named.status == 200)
      }
    }

    @Test func `a host that a flag names is served`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery(["--allowed-host", "Chancery.Internal"])

        let named = try await chancery.call(
          .get,
          "/version",
          headers: ["host": "chancery.internal:18001"]
        )
        #expect(named.status == 200)
      }
    }
  }
}
