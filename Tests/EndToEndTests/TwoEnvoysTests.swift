import Testing

extension EndToEnd {
  @Suite struct TwoEnvoys {
    @Test func `two Envoys of two fleets both follow a change`() async throws {
      try await Testbed.run { bed in
        let users = try await bed.startUpstream("users")
        let chancery = try await bed.startChancery(["--no-default-gateway"])
        let east = try await bed.openGateway(chancery, "east", fleet: "east")
        let west = try await bed.openGateway(chancery, "west", fleet: "west")
        _ = try await bed.startEnvoy(chancery, nodeID: "envoy-east", fleet: "east")
        _ = try await bed.startEnvoy(chancery, nodeID: "envoy-west", fleet: "west")

        try await chancery.addService("users", port: users)
        try await chancery.addRoute("users", prefix: "/users", to: "users")
        for port in [east, west] {
          try await gateway(port: port, "/users", answers: "users /users")
        }

        try await chancery.write(
          .patch,
          "/routes/users",
          #"{"service": null, "respond": {"status": 200, "body": "closed"}}"#
        )
        for port in [east, west] { try await gateway(port: port, "/users", answers: "closed") }
      }
    }
  }
}
