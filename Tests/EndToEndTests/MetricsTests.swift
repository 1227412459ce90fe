import Foundation
import NIOCore
import NIOPosix
import Testing

extension EndToEnd {
  @Suite struct Metrics {
    @Test(arguments: Dialect.allCases)
    func `a change on its way to a proxy is counted and timed`(dialect: Dialect) async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let port = try await bed.openGateway(chancery)
        let name = dialect == .delta ? "delta" : "sotw"
        let routes = dialect == .delta ? "virtual_host" : "routes"
        _ = try await bed.startEnvoy(chancery, speaking: dialect)
        let upstream = try await bed.startUpstream("one")
        try await eventually("the listener is taken") {
          try await chancery.metrics()[#"chancery_xds_acks_total{type="listener"}"#]
        } until: {
          $0 == 1
        }
        let before = try await chancery.metrics()
        #expect(before[#"chancery_xds_streams{dialect="\#(name)"}"#] == 1)
        // What a proxy asks for when it comes is no change.
        #expect(before[#"chancery_xds_propagation_sent_seconds_count{type="listener"}"#] == 0)

        try await chancery.addService("one", port: upstream)
        try await chancery.addRoute("r", prefix: "/", to: "one")
        try await gateway(port: port, "/x", answers: "one /x")

        let after = try await eventually("the route is acked") {
          try await chancery.metrics()
        } until: {
          $0[#"chancery_xds_propagation_acked_seconds_count{type="\#(routes)"}"#] == 1
        }
        for type in ["cluster", routes] {
          let sent = "chancery_xds_propagation_sent_seconds"
          let acked = "chancery_xds_propagation_acked_seconds"
          #expect(after[sent + #"_count{type="\#(type)"}"#] == 1)
          let sentSum = try #require(after[sent + #"_sum{type="\#(type)"}"#])
          let ackedSum = try #require(after[acked + #"_sum{type="\#(type)"}"#])
          #expect(0 < sentSum && sentSum < ackedSum && ackedSum < 10)
          let responses = #"chancery_xds_responses_total{dialect="\#(name)",type="\#(type)"}"#
          #expect(try #require(after[responses]) > (before[responses] ?? 0))
          let bytes = #"chancery_xds_response_bytes_total{type="\#(type)"}"#
          #expect(try #require(after[bytes]) > (before[bytes] ?? 0))
        }
        try await eventually("the proxy has it all") {
          try await chancery.metrics()[#"chancery_proxies{state="synced"}"#]
        } until: {
          $0 == 1
        }
        #expect(after["chancery_head_revision"] == 4)
        #expect(after[#"chancery_revisions_total{kind="change"}"#] == 3)
        #expect(after["chancery_store_commit_seconds_count"] == 3)
        #expect(after["chancery_store_group_writes_sum"] == 3)
        let request = #"chancery_http_requests_total{method="POST",path="/routes",status="2xx"}"#
        #expect(after[request] == 1)
      }
    }

    @Test func `a refusal is counted`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        _ = try await bed.openGateway(chancery)
        let envoy = try await bed.startEnvoy(chancery)
        try await envoy.connected()
        let busy = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
          .bind(host: "127.0.0.1", port: Ports.free()).get()
        let port = try #require(busy.localAddress?.port)
        let nacks = #"chancery_xds_nacks_total{type="listener"}"#
        #expect(try await chancery.metrics()[nacks] == 0)

        try await chancery.post(
          "/gateways",
          #"{"name": "second", "address": "127.0.0.1", "port": \#(port)}"#
        )

        try await eventually("the refusal is counted") {
          try await chancery.metrics()[nacks]
        } until: {
          $0 == 1
        }
        try await eventually("the proxy counts as one that refused") {
          try await chancery.metrics()[#"chancery_proxies{state="rejected"}"#]
        } until: {
          $0 == 1
        }
        try await busy.close()
      }
    }

    @Test func `every metric has its help, and is in the documentation`() async throws {
      let page = try String(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
          .appending(path: "../../docs/operations.md"),
        encoding: .utf8
      )
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await chancery.addService("a", port: 1)
        _ = try await chancery.metrics()
        let metrics = try await chancery.metrics()
        #expect(Set(metrics.types.keys) == Set(metrics.helps.keys))
        let named = Set(page.matches(of: /`((?:chancery|process)_\w+)/).map { String($0.1) })
        let told = Set(metrics.types.keys)
        #expect(named == told)
      }
    }

    @Test func `the process tells how it is`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let metrics = try await chancery.metrics()
        #expect(metrics.samples.contains { $0.key.hasPrefix("chancery_build_info{version=\"") })
        let start = try #require(metrics["process_start_time_seconds"])
        #expect(abs(Date().timeIntervalSince1970 - start) < 60)
        #expect(try #require(metrics["process_cpu_seconds_total"]) > 0)
        #expect(try #require(metrics["process_resident_memory_bytes"]) > 1_000_000)
        let open = try #require(metrics["process_open_fds"])
        let most = try #require(metrics["process_max_fds"])
        #expect(open > 5 && most > open && most < 1e12)
      }
    }
  }
}
