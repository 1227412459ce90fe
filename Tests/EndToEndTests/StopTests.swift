import Foundation
import NIOCore
import NIOPosix
import Testing

extension EndToEnd {
  @Suite struct Stop {
    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal stops it cleanly although an Envoy is connected`(signal: Int32) async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        try await envoy.connected()

        let status = await chancery.process.stop(signal)

        #expect(status == 0)
        #expect(chancery.process.output.contains("Stopped"))
        try await envoy.connected(false)
      }
    }

    @Test func `an Envoy that hangs does not keep it from stopping`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        try await envoy.connected()
        envoy.process.signal(SIGSTOP)

        let start = ContinuousClock.now
        let status = await chancery.process.stop()

        #expect(status == 0, "\(chancery.process.output)")
        #expect(ContinuousClock.now - start < .seconds(20))
      }
    }

    @Test func `clients that say nothing, or half of it, do not keep it from stopping`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        let uploading = try await bootstrap.connect(host: "127.0.0.1", port: chancery.adminPort)
          .get()
        let request = "POST /services HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
        try await uploading.writeAndFlush(ByteBuffer(string: request))
        let silent = try await bootstrap.connect(host: "127.0.0.1", port: chancery.xdsPort).get()

        let status = await chancery.process.stop()

        #expect(status == 0, "\(chancery.process.output)")
        try? await uploading.close()
        try? await silent.close()
      }
    }
  }
}
