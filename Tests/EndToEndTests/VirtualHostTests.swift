import Testing

extension EndToEnd {
  /// A gateway with many hosts, whose virtual hosts are resources of their own in delta.
  @Suite struct VirtualHosts {
    static let count = 300

    @Test func `a route's change sends its virtual host and no other`() async throws {
      try await Testbed.run { bed in
        let (chancery, envoy, port) = try await Self.start(bed)
        for (number, host) in [7, 7, 42].enumerated() {
          let before = try await chancery.virtualHosts()
          try await chancery.answer(host, "changed \(number)")
          try await gateway(
            port: port,
            host: Self.host(host),
            "/",
            answers: "changed \(number)"
          )
          let after = try await chancery.virtualHosts(acked: before.acks + 1)
          #expect(after.responses == before.responses + 1)
          // Each has some 150 bytes.
          #expect(after.bytes - before.bytes < 400)
          #expect(after.wholes == before.wholes)
        }
        try await gateway(port: port, host: Self.host(8), "/", answers: "8")
        #expect(try await envoy.rejections() == 0)
      }
    }

    @Test func `a new host is served, and one that is removed is not`() async throws {
      try await Testbed.run { bed in
        let (chancery, envoy, port) = try await Self.start(bed)
        let before = try await chancery.virtualHosts()
        try await chancery.answer(Self.count, "new")
        try await gateway(port: port, host: Self.host(Self.count), "/", answers: "new")
        try await chancery.write(.delete, "/routes/route-7")
        try await gateway(port: port, host: Self.host(7), "/", answersStatus: 404)
        try await chancery.write(
          .put,
          "/routes/all",
          #"{"hosts": ["*.example.com"], "match": {"prefix": "/"}, "respond": {"status": 201}}"#
        )
        try await gateway(port: port, host: Self.host(7), "/", answersStatus: 201)
        try await gateway(port: port, host: Self.host(8), "/", answers: "8")
        let after = try await chancery.virtualHosts(acked: before.acks + 3)
        #expect(after.bytes - before.bytes < 1200)
        #expect(try await envoy.rejections() == 0)
      }
    }

    @Test
    func `after a restart of either no virtual host is missing, and none is sent for nothing`()
      async throws
    {
      try await Testbed.run { bed in
        let (chancery, envoy, port) = try await Self.start(bed)
        let updates = try await envoy.updates()
        await chancery.kill()
        try await envoy.connected(false)
        let restarted = try await bed.startChancery(after: chancery)
        try await envoy.connected()
        try await restarted.answer(3, "changed")
        try await gateway(port: port, host: Self.host(3), "/", answers: "changed")
        // An Envoy without any service is told so again.
        let moved = try await envoy.updates()
          .filter { $0.value != updates[$0.key] && !$0.key.contains(".cds.") }
        #expect(Array(moved.keys) == ["http.default.rds.vhds.default/vhds.update_success"])
        #expect(moved.first.map { $0.value - (updates[$0.key] ?? 0) } == 1)
        let sent = try await restarted.virtualHosts(acked: 1)
        #expect(sent.responses == 1)
        #expect(sent.bytes < 400)

        await envoy.process.stop()
        _ = try await bed.startEnvoy(restarted)
        for number in [0, 3, Self.count - 1] {
          let text = number == 3 ? "changed" : "\(number)"
          try await gateway(port: port, host: Self.host(number), "/", answers: text)
        }
      }
    }

    @Test func `a gateway without routes listens at once`() async throws {
      try await Testbed.run { bed in
        let (chancery, _, _) = try await Self.start(bed)
        // Routes without gateways are on all, so the first gateway keeps them.
        let patch = (0..<Self.count).map { #""route-\#($0)": {"gateways": ["default"]}"# }
        try await chancery.write(
          .patch,
          "/config",
          #"{"routes": {\#(patch.joined(separator: ", "))}}"#
        )
        let start = ContinuousClock.now
        let port = try await bed.openGateway(chancery, "empty")
        try await gateway(port: port, host: Self.host(1), "/", answersStatus: 404)
        // Envoy would give up waiting for virtual hosts after 15 seconds.
        #expect(ContinuousClock.now - start < .seconds(10))
      }
    }

    private static func host(_ number: Int) -> String { "host-\(number).example.com" }

    /// Starts an Envoy that serves all hosts.
    private static func start(_ bed: Testbed) async throws -> (Chancery, Envoy, Int) {
      let chancery = try await bed.startChancery()
      let envoy = try await bed.startEnvoy(chancery)
      let port = try await bed.openGateway(chancery)
      let routes = (0..<count).map { #""route-\#($0)": \#(Chancery.route($0, "\($0)"))"# }
      try await chancery.write(
        .patch,
        "/config",
        #"{"routes": {\#(routes.joined(separator: ", "))}}"#
      )
      for number in [0, 7, count - 1] {
        try await gateway(port: port, host: host(number), "/", answers: "\(number)")
      }
      return (chancery, envoy, port)
    }
  }
}

/// What was sent of virtual hosts.
private struct VirtualHostCounts: Sendable {
  var responses: Double
  var bytes: Double
  var acks: Double
  /// Responses with route configurations.
  var wholes: Double
}

extension Chancery {
  fileprivate static func route(_ number: Int, _ text: String) -> String {
    """
    {"hosts": ["host-\(number).example.com"], "match": {"prefix": "/"},
     "respond": {"status": 200, "body": "\(text)"}}
    """
  }

  /// Makes a host answer that.
  fileprivate func answer(_ number: Int, _ text: String) async throws {
    try await write(.put, "/routes/route-\(number)", Self.route(number, text))
  }

  /// What was sent so far, once that many responses were acked.
  fileprivate func virtualHosts(acked: Double = 0) async throws -> VirtualHostCounts {
    try await eventually("virtual hosts are acked") {
      let metrics = try await metrics()
      func sum(_ name: String, _ labels: String) -> Double { metrics["\(name){\(labels)}"] ?? 0 }
      let responses = "chancery_xds_responses_total"
      return VirtualHostCounts(
        responses: sum(responses, #"dialect="delta",type="virtual_host""#),
        bytes: sum("chancery_xds_response_bytes_total", #"type="virtual_host""#),
        acks: sum("chancery_xds_acks_total", #"type="virtual_host""#),
        wholes: sum(responses, #"dialect="delta",type="routes""#)
      )
    } until: {
      $0.acks >= acked && $0.acks == $0.responses
    }
  }
}
