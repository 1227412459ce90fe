import Testing

extension EndToEnd {
  @Suite struct PortExchange {
    @Test(arguments: Dialect.allCases)
    func `gateways exchange their ports in one revision, and others serve on`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery(["--no-default-gateway"])
        let envoy = try await bed.startEnvoy(chancery, speaking: dialect)
        let ports = try await bed.openGateways(chancery, ["g1", "g2", "bystander"])

        try await chancery.move(["g1": ports[1], "g2": ports[0]])

        try await answers(on: ports, ["g2", "g1", "bystander"])
        #expect(try await envoy.rejections() == 0)
      }
    }

    @Test(arguments: Dialect.allCases)
    func `gateways move into the ports that others leave in the same revision`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery(["--no-default-gateway"])
        let envoy = try await bed.startEnvoy(chancery, speaking: dialect)
        let ports = try await bed.openGateways(chancery, ["g1", "g2", "bystander"])
        let free = try await Ports.free()

        // Whichever goes first in a response, one of the two directions has it arrive too early.
        try await chancery.move(["g1": free, "g2": ports[0]])
        try await answers(on: [free, ports[0], ports[2]], ["g1", "g2", "bystander"])
        try await chancery.move(["g1": ports[0], "g2": ports[1]])

        try await answers(on: ports, ["g1", "g2", "bystander"])
        #expect(try await envoy.rejections() == 0)
      }
    }

    @Test func `a route that changes after its gateway moved is served on the new port`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery(["--no-default-gateway"])
        let envoy = try await bed.startEnvoy(chancery)
        let ports = try await bed.openGateways(chancery, ["g1", "g2"])
        try await chancery.move(["g1": ports[1], "g2": ports[0]])
        try await answers(on: ports, ["g2", "g1"])

        try await chancery.write(.patch, "/routes/g1", #"{"respond": {"body": "changed"}}"#)

        try await answers(on: ports, ["g2", "changed"])
        #expect(try await envoy.rejections() == 0)
      }
    }

    @Test func `requests to another gateway go through while ports are exchanged`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery(["--no-default-gateway"])
        _ = try await bed.startEnvoy(chancery)
        let ports = try await bed.openGateways(chancery, ["g1", "g2", "bystander"])

        for order in [["g2", "g1"], ["g1", "g2"], ["g2", "g1"]] {
          async let moved: Void = chancery.move([order[0]: ports[0], order[1]: ports[1]])
          for _ in 1...100 { #expect(try await ask(port: ports[2], "/").text == "bystander") }
          try await moved
          try await answers(on: ports, order)
        }
      }
    }
  }
}

/// Waits until each port answers with that text.
private func answers(on ports: [Int], _ texts: [String]) async throws {
  for (port, text) in zip(ports, texts) { try await gateway(port: port, "/", answers: text) }
}

extension Testbed {
  /// Opens gateways that answer with their names, each with a route of its name, and waits until
  /// they do.
  ///
  /// - Returns: Their ports.
  fileprivate func openGateways(_ chancery: Chancery, _ names: [String]) async throws -> [Int] {
    var ports: [Int] = []
    for name in names {
      ports.append(try await openGateway(chancery, name))
      try await chancery.post(
        "/routes",
        """
        {"name": "\(name)", "gateways": ["\(name)"], "match": {"prefix": "/"},
         "respond": {"status": 200, "body": "\(name)"}}
        """
      )
    }
    try await answers(on: ports, names)
    return ports
  }
}

extension Chancery {
  /// Gives gateways other ports, in one revision.
  fileprivate func move(_ ports: [String: Int]) async throws {
    let gateways = ports.map { #""\#($0.key)": {"port": \#($0.value)}"# }
    try await write(.patch, "/config", #"{"gateways": {\#(gateways.joined(separator: ", "))}}"#)
  }
}
