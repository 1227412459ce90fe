import Testing

extension EndToEnd {
  @Suite struct HostileInput {
    private static let bodies = [
      String(repeating: "[", count: 100_000),
      #"{"a":"# + String(repeating: "[", count: 100_000),
      String(repeating: #"{"a":"#, count: 100_000),
      #"{"name": "a", "endpoints": [{"address": "127.0.0.1", "port": NaN}]}"#,
      #"{"name": "a", "endpoints": [{"address": "127.0.0.1", "port": 1e999}]}"#,
      #"{"name": "a", "endpoints": [{"address": "127.0.0.1", "port": 99999999999999999999}]}"#,
      #"{"name": "\ud800"}"#,
      "\u{0}",
      "",
    ]

    @Test func `no body ends the process or stores anything`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()

        for body in Self.bodies {
          for path in ["/services", "/routes", "/gateways"] {
            let answer = try await chancery.call(.post, path, body)
            #expect((400..<500).contains(answer.status), "\(path) \(body.prefix(80))")
          }
          let answer = try await chancery.call(.put, "/config", body)
          #expect((400..<500).contains(answer.status), "/config \(body.prefix(80))")
        }

        #expect(try await chancery.call(.get, "/config").revision == 1)
        #expect(chancery.process.isRunning)
      }
    }

    @Test func `no YAML document ends the process or stores anything`() async throws {
      let bomb =
        "a0: &a0 [x]\n"
        + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
      let documents = [
        bomb, String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000),
        "services: {a: .nan}", "services: !!python/object {}", "? [a]\n: b", "\u{0}",
      ]
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()

        for document in documents {
          let answer = try await chancery.call(
            .put,
            "/config",
            document,
            headers: ["content-type": "application/yaml"]
          )
          #expect((400..<500).contains(answer.status), "\(document.prefix(80))")
        }

        #expect(try await chancery.call(.get, "/config").revision == 1)
        #expect(chancery.process.isRunning)
      }
    }
  }
}
