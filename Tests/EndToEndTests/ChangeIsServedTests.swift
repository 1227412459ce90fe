import Testing

extension EndToEnd {
  @Suite struct ChangeIsServed {
    @Test func `a route's move to another service is served`() async throws {
      try await Testbed.run { bed in
        let blue = try await bed.startUpstream("blue")
        let green = try await bed.startUpstream("green")
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        let port = try await bed.openGateway(chancery)
        try await chancery.addService("blue", port: blue)
        try await chancery.addRoute("users", prefix: "/users", to: "blue")
        try await gateway(port: port, "/users", answers: "blue /users")

        try await chancery.addService("green", port: green)
        try await chancery.write(.patch, "/routes/users", #"{"service": "green"}"#)

        try await gateway(port: port, "/users", answers: "green /users")
        #expect(try await envoy.rejections() == 0)
      }
    }

    @Test func `an endpoint that is replaced gets no more requests`() async throws {
      try await Testbed.run { bed in
        let old = try await bed.startUpstream("old")
        let new = try await bed.startUpstream("new")
        let chancery = try await bed.startChancery()
        _ = try await bed.startEnvoy(chancery)
        let port = try await bed.openGateway(chancery)
        try await chancery.addService("users", port: old)
        try await chancery.addRoute("users", prefix: "/", to: "users")
        try await gateway(port: port, "/users", answers: "old /users")

        try await chancery.write(
          .patch,
          "/services/users",
          #"{"endpoints": [{"address": "127.0.0.1", "port": \#(new)}]}"#
        )

        try await gateway(port: port, "/users", answers: "new /users")
      }
    }
  }
}
