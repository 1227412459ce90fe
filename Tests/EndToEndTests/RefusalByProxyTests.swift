import NIOCore
import NIOPosix
import Testing

extension EndToEnd {
  @Suite struct RefusalByProxy {
    @Test func `what a proxy refuses is logged in its words, and mended by a later change`()
      async throws
    {
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
        try await chancery.post(
          "/gateways",
          #"{"name": "second", "address": "127.0.0.1", "port": \#(busyPort)}"#
        )
        try await eventually("the refusal is logged") {
          chancery.process.output
        } until: {
          $0.contains("cannot bind") && $0.contains("envoy-1")
        }
        #expect(try await ask(port: port, "/").text == "up")
        let refusals = try await envoy.rejections()

        let free = try await Ports.free()
        try await chancery.write(.patch, "/gateways/second", #"{"port": \#(free)}"#)

        try await gateway(port: free, "/", answers: "up")
        #expect(try await envoy.rejections() == refusals)
        try await busy.close()
      }
    }
  }
}
