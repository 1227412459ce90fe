import Foundation
import NIOCore
import NIOPosix
import Subprocess
import SystemPackage
import Testing

extension EndToEnd {
  /// `examples/ci/deploy`.
  @Suite struct ContinuousDelivery {
    private static var examples: URL {
      URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../examples/ci")
        .standardizedFileURL
    }

    private static let hello =
      "routes: {root: {match: {prefix: /}, respond: {status: 200, body: hello}}}"

    private static func deploy(
      _ path: String,
      to chancery: Chancery,
      patience: String = "60s"
    ) async throws -> (status: Int32, output: String) {
      let bin = URL(filePath: Chancery.program).deletingLastPathComponent().path
      let search = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      let result = try await Subprocess.run(
        .path(FilePath(examples.appending(path: "deploy").path)),
        arguments: [path],
        environment: .inherit.updating([
          "PATH": "\(bin):\(search)", "COMMIT": "1234abcd", "PATIENCE": patience,
          "CHANCERY_SERVER": "http://127.0.0.1:\(chancery.adminPort)",
        ]),
        output: .string(limit: 1 << 20),
        error: .combinedWithOutput
      )
      let status: Int32 =
        switch result.terminationStatus {
        case .exited(let code), .signaled(let code): code
        }
      return (status, result.standardOutput)
    }

    @Test func `the example's configuration is brought to a gateway that just started`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.launchChancery()
        let (status, output) = try await Self.deploy(
          Self.examples.appending(path: "gateway").path,
          to: chancery
        )
        #expect(status == 0, "\(output)")
        #expect(output.contains("Every proxy has revision 2."))
        let revision = try await chancery.call(.get, "/revisions/2")
        #expect(revision["message"] as? String == "1234abcd")
      }
    }

    @Test func `the job ends when the proxies have it, and takes back what one refuses`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        try await envoy.connected()
        let port = try await Ports.free()
        let file = bed.path("gateway.yaml")
        let good = """
          gateways: {main: {address: 127.0.0.1, port: \(port)}}
          routes: {root: {match: {prefix: /}, respond: {status: 200, body: hello}}}
          """
        try good.write(toFile: file, atomically: true, encoding: .utf8)
        let (status, output) = try await Self.deploy(file, to: chancery)
        #expect(status == 0, "\(output)")
        #expect(try await ask(port: port, "/").text == "hello")

        // Somebody else listens where the new gateway is to be.
        let busy = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
          .bind(host: "127.0.0.1", port: Ports.free()).get()
        let taken = try #require(busy.localAddress?.port)
        let bad = good.replacing(
          "main: {",
          with: "new: {address: 127.0.0.1, port: \(taken)}, main: {"
        )
        try bad.write(toFile: file, atomically: true, encoding: .utf8)
        let (refused, words) = try await Self.deploy(file, to: chancery)
        #expect(refused == 6, "\(words)")
        #expect(words.contains("cannot bind"))
        #expect(words.contains("Taking revision 3 back."))
        let revisions = try await chancery.expect(0, "history", "--limit", "2")
        #expect(revisions.output.contains("  Take back 1234abcd\n3  "))
        let proxies = try await chancery.expect(0, "proxies")
        #expect(proxies.output.contains("  synced  revision 4  "))
        let config = try await chancery.call(.get, "/config")
        #expect((config["gateways"] as? [String: Any])?.keys.sorted() == ["main"])
        #expect(try await ask(port: port, "/").text == "hello")
        try await busy.close()
      }
    }

    @Test func `what a proxy does not have in time is taken back`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        try await envoy.connected()
        try await chancery.write(.patch, "/gateways/default", #"{"address": "127.0.0.1"}"#)
        let file = bed.path("gateway.yaml")
        try Self.hello.write(toFile: file, atomically: true, encoding: .utf8)
        // A proxy that stands still acks nothing.
        envoy.process.signal(SIGSTOP)
        let (status, output) = try await Self.deploy(file, to: chancery, patience: "1s")
        #expect(status == 7, "\(output)")
        #expect(output.contains("Taking revision 3 back."))
        #expect(try await chancery.call(.get, "/routes/root").status == 404)
      }
    }

    @Test func `what was there before the job is never taken back`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        try await envoy.connected()
        envoy.process.signal(SIGSTOP)
        let file = bed.path("gateway.yaml")
        try Self.hello.write(toFile: file, atomically: true, encoding: .utf8)
        try await chancery.expect(0, "apply", "-f", file)
        let (status, output) = try await Self.deploy(file, to: chancery, patience: "1s")
        #expect(status == 7, "\(output)")
        #expect(output.contains("Nothing changes."))
        #expect(try await chancery.call(.get, "/routes/root").status == 200)
      }
    }

    @Test func `what is not valid fails the job before anything is stored`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let file = bed.path("gateway.yaml")
        try "routes: {root: {match: {prefix: x}, service: none}}"
          .write(toFile: file, atomically: true, encoding: .utf8)
        let (status, output) = try await Self.deploy(file, to: chancery)
        #expect(status == 5, "\(output)")
        #expect(output.contains("/routes/root/match/prefix"))
        #expect(try await chancery.call(.get, "/config").revision == 1)
      }
    }
  }
}
