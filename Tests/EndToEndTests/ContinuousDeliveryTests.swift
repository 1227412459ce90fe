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

    private static func deploy(
      _ path: String,
      to chancery: Chancery
    ) async throws -> (status: Int32, output: String) {
      let bin = URL(filePath: Chancery.program).deletingLastPathComponent().path
      let search = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      let result = try await Subprocess.run(
        .path(FilePath(examples.appending(path: "deploy").path)),
        arguments: [path],
        environment: .inherit.updating([
          "PATH": "\(bin):\(search)", "COMMIT": "1234abcd",
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
        let config = try await chancery.call(.get, "/config")
        #expect((config["gateways"] as? [String: Any])?.keys.sorted() == ["main"])
        #expect(try await ask(port: port, "/").text == "hello")
        try await busy.close()
      }
    }
  }
}
