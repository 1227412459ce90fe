import Foundation
import NIOCore
import NIOPosix
import Testing

extension EndToEnd {
  @Suite struct RefusalIsRemembered {
    @Test func `what a proxy refused and what it has are known after a SIGKILL`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        let port = try await bed.openGateway(chancery)
        try await chancery.post(
          "/routes",
          #"{"name": "root", "match": {"prefix": "/"}, "respond": {"status": 200, "body": "up"}}"#
        )
        try await gateway(port: port, "/", answers: "up")

        // Somebody else listens where the second gateway is to be.
        let busy = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
          .bind(host: "127.0.0.1", port: Ports.free()).get()
        let busyPort = try #require(busy.localAddress?.port)
        let refused = try #require(
          try await chancery.write(
            .post,
            "/gateways",
            #"{"name": "second", "address": "127.0.0.1", "port": \#(busyPort)}"#
          ).revision
        )
        // A batch of ACKs that tells of the last good revision is there within a second.
        try await eventually("the refusal and the ACKs are stored") {
          try await bed.sqlite(
            "SELECT applied, revision, since, type FROM proxy JOIN rejection ON proxy = id"
          )
        } until: {
          $0.hasSuffix("\(refused - 1)|\(refused)|\(refused - 1)|Listener\n")
        }
        await chancery.kill()
        await envoy.process.stop(SIGKILL)

        _ = try await bed.startChancery(after: chancery)
        let kept = try await bed.sqlite(
          "SELECT id, fleet, applied, message, names FROM proxy JOIN rejection ON proxy = id"
        )
        #expect(kept.contains("envoy-1|default|\(refused - 1)|"))
        #expect(kept.contains("cannot bind"))
        #expect(kept.contains("second/127.0.0.1:\(busyPort)"))
        try await busy.close()
      }
    }
  }
}
