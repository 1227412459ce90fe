import Testing

extension EndToEnd {
  @Suite struct ArticleExample {
    @Test(arguments: Dialect.allCases)
    func `two services behind one host are each answered by their own upstream`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let users = try await bed.startUpstream("users")
        let products = try await bed.startUpstream("products")
        let chancery = try await bed.startChancery()
        _ = try await bed.startEnvoy(chancery, speaking: dialect)
        let port = try await bed.openGateway(chancery)

        try await chancery.addService("user-service", port: users)
        try await chancery.addService("product-service", port: products)
        try await chancery.addRoute("users", prefix: "/api/v1/users", to: "user-service")
        try await chancery.addRoute("products", prefix: "/api/v1/products", to: "product-service")

        try await gateway(port: port, "/api/v1/users", answers: "users /api/v1/users")
        try await gateway(port: port, "/api/v1/products/7", answers: "products /api/v1/products/7")
        let wrongHost = try await ask(port: port, host: "other.example.com", "/api/v1/users")
        #expect(wrongHost.status == 404)
      }
    }
  }
}
