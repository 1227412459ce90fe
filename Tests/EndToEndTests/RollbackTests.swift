import Testing

extension EndToEnd {
  @Suite struct Rollback {
    @Test func `a rollback restores the old answer and is itself a revision`() async throws {
      try await Testbed.run { bed in
        let blue = try await bed.startUpstream("blue")
        let green = try await bed.startUpstream("green")
        let chancery = try await bed.startChancery()
        _ = try await bed.startEnvoy(chancery)
        let port = try await bed.openGateway(chancery)
        try await chancery.addService("blue", port: blue)
        try await chancery.addRoute("users", prefix: "/users", to: "blue")
        try await gateway(port: port, "/users", answers: "blue /users")
        let good = try #require(try await chancery.call(.get, "/config").revision)
        try await chancery.addService("green", port: green)
        try await chancery.write(.patch, "/routes/users", #"{"service": "green"}"#)
        try await gateway(port: port, "/users", answers: "green /users")

        let rollback = try await chancery.write(.post, "/revisions/\(good)/rollback")

        #expect(rollback.status == 201)
        #expect(rollback.revision == good + 3)
        try await gateway(port: port, "/users", answers: "blue /users")
        let revision = try await chancery.call(.get, "/revisions/\(good + 3)")
        #expect(revision["kind"] as? String == "rollback")
      }
    }
  }
}
