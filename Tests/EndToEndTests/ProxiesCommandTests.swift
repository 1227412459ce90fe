import Foundation
import NIOCore
import NIOPosix
import Testing

extension EndToEnd {
  /// `proxies`.
  @Suite struct ProxiesCommand {
    @Test func `it tells what a proxy has, what it refused, and that it is gone`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let empty = try await chancery.expect(0, "proxies")
        #expect(empty.output.contains("chancery envoy-bootstrap"))

        let envoy = try await bed.startEnvoy(chancery)
        let line = try await Self.proxies(of: chancery) { $0.contains("synced") }
        #expect(line.hasPrefix("envoy-1  default  synced  revision 1  Envoy 1."))

        // Somebody else listens where the gateway is to be.
        let busy = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
          .bind(host: "127.0.0.1", port: Ports.free()).get()
        let port = try #require(busy.localAddress?.port)
        let document = """
          gateways: {second: {address: 127.0.0.1, port: \(port)}}
          routes: {root: {match: {prefix: /}, respond: {status: 200}}}
          """
        try await chancery.expect(6, "apply", "-f", "-", "--wait", "60s", input: document)
        let refused = try await Self.proxies(of: chancery) { $0.contains("rejected") }
        #expect(refused.contains("cannot bind"))

        try await chancery.expect(0, "revert", "2", "--wait", "60s")
        _ = try await Self.proxies(of: chancery) { $0.contains("  synced  revision 3  ") }
        await envoy.process.stop(SIGKILL)
        _ = try await Self.proxies(of: chancery) { $0.contains("  offline  ") }
        try await busy.close()
      }
    }

    private static func proxies(
      of chancery: Chancery,
      until isDone: (String) -> Bool
    ) async throws -> String {
      try await eventually("the proxies are so") {
        try await chancery.expect(0, "proxies").output
      } until: {
        isDone($0)
      }
    }
  }
}
