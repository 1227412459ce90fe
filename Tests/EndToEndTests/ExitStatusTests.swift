import Foundation
import NIOCore
import NIOPosix
import Testing

extension EndToEnd {
  /// What the shell is told.
  @Suite struct ExitStatus {
    private static let route = """
      routes: {root: {match: {prefix: /}, respond: {status: 200, body: hello}}}
      """

    @Test func `wrong usage is 2`() async throws {
      for arguments in [
        ["apply"], ["diff"], ["diff", "-f", "x", "1"], ["rollback", "x"],
        ["apply", "-f", "/nowhere"],
        ["history", "thing/a"], ["bogus"], ["export", "--at", "x"], ["export", "-o", "xml"],
        ["apply", "-f", "-", "--wait", "10"],
      ] {
        let result = try await Chancery.run(arguments)
        #expect(result.status == 2, "\(arguments): \(result.errors)")
        #expect(result.output.isEmpty)
        #expect(!result.errors.isEmpty)
      }
    }

    @Test func `what else fails is 1`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let unwritable = try await chancery.expect(1, "backup", bed.path("nowhere/copy.db"))
        #expect(unwritable.errors.contains("cannot be written"))
        try FileManager.default.moveItem(atPath: bed.path("chancery.db"), toPath: bed.path("away"))
        try await eventually("it has noticed") {
          try await chancery.call(.get, "/readyz").status
        } until: {
          $0 == 503
        }
        let refused = try await chancery.expect(1, "apply", "-f", "-", input: "services: {a: {}}")
        #expect(refused.output.isEmpty)
        #expect(!refused.errors.isEmpty)
      }
    }

    @Test func `no server is 8`() async throws {
      let port = try await Ports.free()
      for arguments in [
        ["history"], ["apply", "-f", "-"], ["backup", "/tmp/\(UUID().uuidString)"],
      ] {
        let result = try await Chancery.run(
          arguments + ["--server", "http://localhost:\(port)"],
          input: "{}"
        )
        #expect(result.status == 8, "\(result.errors)")
        #expect(result.errors.contains("Nothing listens there."))
        #expect(result.errors.contains("chancery serve"))
      }
    }

    @Test func `what connects an Envoy takes no server`() async throws {
      let result = try await Chancery.run(
        ["envoy-bootstrap", "--node-id", "edge-1"],
        environment: ["CHANCERY_SERVER": "http://127.0.0.1:1"]
      )
      #expect(result.status == 0)
      #expect(result.output.contains("edge-1"))
    }

    @Test func `what is not valid is 5, with every fault`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let body = "services: {a: {bogus: 1, endpoints: [{address: 10.0.0.1, port: 0}]}}"
        for command in ["apply", "diff"] {
          let result = try await chancery.expect(5, command, "-f", "-", input: body)
          #expect(result.errors.contains("/services/a/bogus"))
          #expect(result.errors.contains("/services/a/endpoints/0/port"))
        }
        let single = try await chancery.expect(
          5,
          "apply",
          "-f",
          "-",
          input: "services: {a: {x: 1}}"
        )
        #expect(single.errors.hasPrefix("/services/a/x: There is no such field"))
        try await chancery.expect(5, "apply", "-f", "-", input: "a: [")
      }
    }

    @Test func `a conflict is 4`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let body = "services: {a: {}}\nroutes: {r: {match: {prefix: /}, service: a}}"
        try await chancery.expect(0, "apply", "-f", "-", input: body)
        let result = try await chancery.expect(
          4,
          "apply",
          "--prune",
          "-f",
          "-",
          input: "services: {}"
        )
        #expect(result.errors.contains("The route \"r\" still refers"))
      }
    }

    @Test func `waiting is 0 when the proxies have it, and 7 when one does not answer`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        let port = try await bed.openGateway(chancery)
        try await envoy.connected()
        try await chancery.expect(
          0,
          "apply",
          "-f",
          "-",
          "--wait",
          "60s",
          input: Self.route
        )
        #expect(try await ask(port: port, "/").text == "hello")
        let proxies = try await chancery.expect(0, "proxies")
        #expect(proxies.output.hasPrefix("envoy-1  default  synced  revision "))
        // A proxy that stands still acks nothing.
        envoy.process.signal(SIGSTOP)
        let result = try await chancery.expect(
          7,
          "apply",
          "-f",
          "-",
          "--wait",
          "1s",
          input: "routes: {root: {match: {prefix: /}, respond: {status: 200}}}"
        )
        #expect(result.output.hasPrefix("Committed as revision "))
        #expect(result.errors.contains("envoy-1"))
      }
    }

    @Test func `a proxy that refuses is 6, with its words`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        try await envoy.connected()
        // Somebody else listens where the gateway is to be.
        let busy = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
          .bind(host: "127.0.0.1", port: Ports.free()).get()
        let port = try #require(busy.localAddress?.port)
        let gateway = "gateways: {second: {address: 127.0.0.1, port: \(port)}}"
        let result = try await chancery.expect(
          6,
          "apply",
          "-f",
          "-",
          "--wait",
          "60s",
          input: gateway + "\n" + Self.route
        )
        #expect(result.errors.contains("cannot bind"))
        #expect(result.errors.contains("chancery revert 2"))
        try await chancery.expect(0, "revert", "2", "--wait", "60s")
        try await busy.close()
      }
    }
  }
}
