import Testing

extension EndToEnd {
  @Suite struct Keepalive {
    @Test func `X26: an Envoy that pings every second is not cut off`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery) {
          $0.replacing("{interval: 10s, timeout: 5s}", with: "{interval: 1s, timeout: 1s}")
        }
        try await envoy.connected()
        // Two pings that come too early are forgiven, the third is not.
        try await eventually("Envoy runs for 7 s") {
          try await envoy.stats(#"^server\.uptime$"#).values.first ?? 0
        } until: {
          $0 >= 7
        }
        #expect(try await envoy.stats(#"chancery_xds\.upstream_cx_total$"#).values.first == 1)
        #expect(try await envoy.stats(#"^control_plane\.connected_state$"#).values.first == 1)
      }
    }
  }
}
