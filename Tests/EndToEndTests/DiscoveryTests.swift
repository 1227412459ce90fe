import Testing

extension EndToEnd {
  @Suite struct Discovery {
    @Test(arguments: Dialect.allCases)
    func `an instance that registers is served, and one that is dead is not`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let users = try await bed.startUpstream("users")
        let chancery = try await bed.startChancery()
        _ = try await bed.startEnvoy(chancery, speaking: dialect)
        let port = try await bed.openGateway(chancery)
        try await chancery.post("/services", #"{"name": "users"}"#)
        try await chancery.addRoute("users", prefix: "/", to: "users")
        try await gateway(port: port, "/a", answersStatus: 503)

        try await chancery.register(port: users, ttl: "2s")
        let registered = ContinuousClock.now
        try await gateway(port: port, "/a", answers: "users /a")
        try await eventually("the dead instance is gone", within: .seconds(10)) {
          try await ask(port: port, "/a").status
        } until: {
          $0 == 503
        }
        let life = ContinuousClock.now - registered
        #expect(life > .milliseconds(1900) && life < .milliseconds(3100), "\(life)")
        #expect(try await chancery.call(.get, "/config").revision == 4)
      }
    }

    @Test func `an instance that is draining gets no requests`() async throws {
      try await Testbed.run { bed in
        let (a, b) = (try await bed.startUpstream("a"), try await bed.startUpstream("b"))
        let chancery = try await bed.startChancery()
        _ = try await bed.startEnvoy(chancery)
        let port = try await bed.openGateway(chancery)
        try await chancery.post("/services", #"{"name": "users"}"#)
        try await chancery.addRoute("users", prefix: "/", to: "users")
        try await chancery.register(port: a, ttl: "1m")
        try await gateway(port: port, "/x", answers: "a /x")
        try await chancery.register(port: b, ttl: "1m")
        try await gateway(port: port, "/x", answers: "b /x")
        try await chancery.register(port: a, ttl: "1m", #"{"health": "draining"}"#)
        try await eventually("only b answers") {
          var names: Set<String> = []
          for _ in 0..<10 { names.insert(try await ask(port: port, "/x").text) }
          return names
        } until: {
          $0 == ["b /x"]
        }
      }
    }

    @Test(arguments: Dialect.allCases)
    func `after a SIGKILL an instance is still served, and nothing is sent again`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let users = try await bed.startUpstream("users")
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery, speaking: dialect)
        let port = try await bed.openGateway(chancery)
        try await chancery.post("/services", #"{"name": "users"}"#)
        try await chancery.addRoute("users", prefix: "/", to: "users")
        try await chancery.register(port: users, ttl: "1m")
        try await gateway(port: port, "/x", answers: "users /x")
        let updates = try await envoy.updates()

        await chancery.kill()
        try await envoy.connected(false)
        let restarted = try await bed.startChancery(after: chancery)
        try await envoy.connected()
        let list = try await restarted.call(.get, "/services/users/endpoints").text
        #expect(list.contains("127.0.0.1:\(users)"))

        // What a later change adds to the counters shows that they would move.
        try await restarted.addRoute("more", prefix: "/more", to: "users")
        try await eventually("the route is taken") {
          try await envoy.updates().filter { $0.value != updates[$0.key] }.keys.sorted()
        } until: {
          !$0.isEmpty && $0.allSatisfy { $0.contains(".rds.") }
        }
        #expect(try await ask(port: port, "/x").text == "users /x")
        // A rollback of the document is none of what is registered.
        try await restarted.write(.post, "/revisions/3/rollback")
        #expect(
          try await restarted.call(.get, "/services/users/endpoints").text
            .contains("127.0.0.1:\(users)")
        )
      }
    }
  }
}

extension Chancery {
  /// Registers an instance of the service "users" on this machine, or renews it.
  fileprivate func register(port: Int, ttl: String, _ body: String? = nil) async throws {
    try await write(.put, "/services/users/registrations/127.0.0.1:\(port)?ttl=\(ttl)", body)
  }
}
