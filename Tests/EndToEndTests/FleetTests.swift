import Testing

extension EndToEnd {
  @Suite struct Fleets {
    @Test(arguments: Dialect.allCases)
    func `a proxy gets the gateways of its fleet, and only the services that these reach`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let fleets = try await bed.startFleets(speaking: dialect)

        try await fleets.east.has(gateways: ["all", "east"], services: ["both", "users"])
        try await fleets.west.has(gateways: ["all", "west"], services: ["both", "products"])
        try await gateway(port: fleets.ports[0], "/x", answers: "users /x")
        try await gateway(port: fleets.ports[1], "/x", answers: "products /x")
      }
    }

    @Test(arguments: Dialect.allCases)
    func `a gateway that moves to another fleet is served there, and no longer here`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let fleets = try await bed.startFleets(speaking: dialect)
        try await fleets.east.has(gateways: ["all", "east"], services: ["both", "users"])

        try await fleets.chancery.write(.patch, "/gateways/east", #"{"fleet": "west"}"#)

        try await fleets.west.has(
          gateways: ["all", "east", "west"],
          services: ["both", "products", "users"]
        )
        try await fleets.east.has(gateways: ["all"], services: ["both"])
        await fleets.east.process.stop()
        try await gateway(port: fleets.ports[0], "/x", answers: "users /x")
        #expect(try await fleets.west.rejections() == 0)
      }
    }

    @Test func `a route that is bound to another fleet's gateway takes its service along`()
      async throws
    {
      try await Testbed.run { bed in
        let fleets = try await bed.startFleets(speaking: .delta)
        try await fleets.west.has(gateways: ["all", "west"], services: ["both", "products"])

        try await fleets.chancery.write(
          .patch,
          "/routes/users",
          #"{"gateways": ["west"], "match": {"prefix": "/users"}}"#
        )

        try await fleets.west.has(
          gateways: ["all", "west"],
          services: ["both", "products", "users"]
        )
        try await gateway(port: fleets.ports[1], "/users", answers: "users /users")
        try await fleets.east.has(gateways: ["all", "east"], services: ["both"])
      }
    }
  }
}

/// A proxy of each of two fleets, and a service that only one reaches, or both.
private struct TwoFleets {
  var chancery: Chancery
  var east: Envoy
  var west: Envoy
  /// Of the gateways of the two.
  var ports: [Int]
}

extension Testbed {
  fileprivate func startFleets(speaking dialect: Dialect) async throws -> TwoFleets {
    let chancery = try await startChancery(["--no-default-gateway"])
    let east = try await openGateway(chancery, "east", fleet: "east")
    let west = try await openGateway(chancery, "west", fleet: "west")
    _ = try await openGateway(chancery, "all")
    for (service, gateway) in [("users", "east"), ("products", "west"), ("both", "all")] {
      try await chancery.addService(service, port: startUpstream(service))
      try await chancery.post(
        "/routes",
        """
        {"name": "\(service)", "gateways": ["\(gateway)"], "match": {"prefix": "/"},
         "service": "\(service)"}
        """
      )
    }
    // A gateway that is gone keeps its services for as long as its connections drain.
    let drain = ["--drain-time-s", "1"]
    return TwoFleets(
      chancery: chancery,
      east: try await startEnvoy(
        chancery,
        nodeID: "a",
        fleet: "east",
        speaking: dialect,
        flags: drain
      ),
      west: try await startEnvoy(
        chancery,
        nodeID: "b",
        fleet: "west",
        speaking: dialect,
        flags: drain
      ),
      ports: [east, west]
    )
  }
}
