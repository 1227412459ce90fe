import Testing

extension EndToEnd {
  @Suite struct Restart {
    @Test(arguments: Dialect.allCases)
    func `after a SIGKILL nothing is lost and nothing is sent again`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let users = try await bed.startUpstream("users")
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery, speaking: dialect)
        let port = try await bed.openGateway(chancery)
        try await chancery.addService("users", port: users)
        try await chancery.addRoute("users", prefix: "/users", to: "users")
        try await gateway(port: port, "/users", answers: "users /users")
        let document = try await chancery.call(.get, "/config")
        let updates = try await envoy.updates()

        await chancery.kill()
        try await envoy.connected(false)
        #expect(try await ask(port: port, "/users").text == "users /users")

        let restarted = try await bed.startChancery(after: chancery)
        try await envoy.connected()
        let after = try await restarted.call(.get, "/config")
        #expect(after.text == document.text)
        #expect(after.revision == document.revision)

        // What a later change adds to the counters shows that they would move.
        try await restarted.addRoute("more", prefix: "/more", to: "users")
        try await gateway(port: port, "/more", answers: "users /more")
        let moved = try await envoy.updates().filter { $0.value != updates[$0.key] }
        #expect(moved.keys.allSatisfy { $0.contains(".rds.") }, "\(moved)")
        #expect(moved.count == 1 && moved.first.map { $0.value - (updates[$0.key] ?? 0) } == 1)
      }
    }
  }
}
