import Testing

extension EndToEnd {
  @Suite struct LastRouteDeletion {
    @Test(arguments: Dialect.allCases)
    func `the deletion of the last route is served like any other change`(
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

        try await chancery.write(.delete, "/routes/users")
        try await gateway(port: port, "/users", answersStatus: 404)

        try await chancery.write(.delete, "/services/users")
        try await eventually("the cluster is gone") {
          try await envoy.stats(#"^cluster\.users\."#).count
        } until: {
          $0 == 0
        }
        #expect(try await envoy.rejections() == 0)
      }
    }
  }
}
