import Foundation
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
  }
}
