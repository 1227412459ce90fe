import NIOCore
import NIOPosix
import Testing

extension EndToEnd {
  /// After one proxy has refused a revision.
  @Suite struct Recovery {
    @Test(arguments: Dialect.allCases)
    func `it and other proxies follow other changes, and the refused content is not sent again`(
      dialect: Dialect
    ) async throws {
      try await Testbed.run { bed in
        let refusal = try await bed.provokeRefusal(speaking: dialect)
        let refusals = try await refusal.refusing.rejections()

        for round in 1...5 {
          let text = "round-\(round)"
          try await refusal.chancery.write(
            .patch,
            "/config",
            """
            {"services": {"\(text)": {"endpoints": [{"address": "127.0.0.1", "port": 9}]}},
             "routes": {"\(text)": {"match": {"prefix": "/\(text)"}, "service": "\(text)"},
                        "root": {"respond": {"body": "\(text)"}}}}
            """
          )
          for port in refusal.ports { try await gateway(port: port, "/", answers: text) }
        }

        #expect(try await refusal.refusing.rejections() == refusals)
        #expect(try await refusal.other.rejections() == 0)
        #expect(refusal.warnings == 1)
        try await refusal.busy.close()
      }
    }

    @Test(arguments: Dialect.allCases)
    func `a rollback mends it, and it takes the next change`(dialect: Dialect) async throws {
      try await Testbed.run { bed in
        let refusal = try await bed.provokeRefusal(speaking: dialect)
        let refusals = try await refusal.refusing.rejections()

        try await refusal.chancery.write(.post, "/revisions/\(refusal.good)/rollback")
        let port = try await bed.openGateway(refusal.chancery, "third", fleet: "east")

        try await gateway(port: port, "/", answers: "up")
        try await gateway(port: refusal.ports[0], "/", answers: "up")
        try await refusal.refusing.has(gateways: ["east", "third"], services: [])
        #expect(try await refusal.refusing.rejections() == refusals)
        try await refusal.busy.close()
      }
    }

    @Test
    func `a proxy that refused serves on while the control plane is away, and recovers after`()
      async throws
    {
      try await Testbed.run { bed in
        let refusal = try await bed.provokeRefusal(speaking: .delta)

        await refusal.chancery.kill()
        try await refusal.refusing.connected(false)
        #expect(try await ask(port: refusal.ports[0], "/").text == "up")
        let restarted = try await bed.startChancery(after: refusal.chancery)
        try await refusal.refusing.connected()
        let free = try await Ports.free()
        try await restarted.write(.patch, "/gateways/second", #"{"port": \#(free)}"#)

        try await gateway(port: free, "/", answers: "up")
        try await refusal.refusing.has(gateways: ["east", "second"], services: [])
        #expect(try await refusal.other.rejections() == 0)
        try await refusal.busy.close()
      }
    }
  }
}

/// Two proxies of two fleets, one of which was given a gateway on a port that somebody else has.
private struct Refusal {
  var chancery: Chancery
  var refusing: Envoy
  var other: Envoy
  /// Of the gateways that both have, its first.
  var ports: [Int]
  /// The last revision before.
  var good: Int
  var busy: any Channel

  /// How often a refusal was logged.
  var warnings: Int {
    chancery.process.output.split(separator: "\n").count { $0.contains("rejected a response") }
  }
}

extension Testbed {
  /// Lets a proxy refuse a revision, after it has served a good one.
  fileprivate func provokeRefusal(speaking dialect: Dialect) async throws -> Refusal {
    let chancery = try await startChancery(["--no-default-gateway"])
    let east = try await openGateway(chancery, "east", fleet: "east")
    let west = try await openGateway(chancery, "west", fleet: "west")
    let good = try await chancery.write(
      .put,
      "/routes/root",
      #"{"match": {"prefix": "/"}, "respond": {"status": 200, "body": "up"}}"#
    )
    let busy = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(host: "127.0.0.1", port: Ports.free()).get()
    let refusal = Refusal(
      chancery: chancery,
      refusing: try await startEnvoy(chancery, nodeID: "a", fleet: "east", speaking: dialect),
      other: try await startEnvoy(chancery, nodeID: "b", fleet: "west", speaking: dialect),
      ports: [east, west],
      good: try #require(good.revision),
      busy: busy
    )
    for port in [east, west] { try await gateway(port: port, "/", answers: "up") }
    let busyPort = try #require(busy.localAddress?.port)
    try await chancery.post(
      "/gateways",
      #"{"name": "second", "address": "127.0.0.1", "port": \#(busyPort), "fleet": "east"}"#
    )
    try await eventually("it is refused") {
      try await refusal.refusing.rejections()
    } until: {
      $0 > 0
    }
    for port in [east, west] {
      let answer = try await ask(port: port, "/")
      #expect(answer.text == "up")
    }
    return refusal
  }
}
