import Foundation
import TestCertificates
import Testing

extension EndToEnd {
  /// The benchmarks at their smallest: that they measure at all, not how long it took.
  @Suite struct Benchmark {
    private struct Table: Decodable {
      struct Row: Decodable {
        var name: String
        var medianMs: Double?
        var writesPerS: Double?
        /// Of the only server.
        var figure: Double?
        var chancery: Double?
        var floor: Double?
        var ratio: Double?
        var p50Ms: Double?
        var cpuMs: Double?
        var bytes: Double?
        var requests: Double?
        var failed: Double?
      }

      var rows: [Row]
    }

    private func run(_ arguments: [String]) async throws -> CommandResult {
      try await Chancery.run(
        arguments + ["--output", "json"],
        environment: ["PATH": "/usr/bin:/bin"],
        program: Chancery.program + "-bench"
      )
    }

    private func measure(_ arguments: [String]) async throws -> [Table.Row] {
      let result = try await run(arguments)
      try #require(result.status == 0, "\(result.errors)")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(Table.self, from: Data(result.output.utf8)).rows
    }

    @Test func `writes are counted beside those of SQLite alone`() async throws {
      let rows = try await measure([
        "writes", "--clients", "2", "--seconds", "1", "--services", "4", "--patched", "2",
      ])
      #expect(
        rows.map(\.name)
          == ["SQLite alone, one by one", "one service, 2 clients", "PATCH of 2, 2 clients"]
      )
      #expect(rows.allSatisfy { ($0.writesPerS ?? 0) > 0 })
    }

    @Test func `a document is applied, applied again, changed and rolled back`() async throws {
      let rows = try await measure(["apply", "--services", "3", "--runs", "1"])
      #expect(
        rows.map(\.name) == ["from nothing", "again unchanged", "change of 1", "rollback of 1"]
      )
      #expect(rows.allSatisfy { ($0.medianMs ?? 0) > 0 })
    }

    @Test func `a start on a history is timed until a stream has all`() async throws {
      let rows = try await measure([
        "restart", "--services", "3", "--revisions", "9", "--runs", "1",
      ])
      #expect(
        rows.map(\.name)
          == ["to readyz", "to the first stream's full answer", "processor time until then"]
      )
      #expect(rows.prefix(2).allSatisfy { ($0.medianMs ?? 0) > 0 })
    }

    @Test(arguments: ["delta", "sotw"])
    func `changes reach all streams`(mode: String) async throws {
      let rows = try await measure([
        "fanout", "--streams", "3", "--connections", "2", "--mode", mode, "--changes", "2",
        "--services", "3", "--pause", "0",
      ])
      let figures = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.figure ?? 0) })
      #expect(figures["first load, max ms"] ?? 0 > 0)
      #expect(figures["change, p50 ms"] ?? 0 > 0)
      #expect(figures["bytes a change and stream"] ?? 0 > 100)
      #expect(figures["CPU µs a change and stream"] ?? 0 > 0)
      #expect(figures["RSS at the end, MiB"] ?? 0 > 1)
    }

    @Test func `streams speak TLS to a server that their CA vouches for`() async throws {
      try await Testbed.run { bed in
        let tls = try bed.makeTLS(try CertificateAuthority("Bench"))
        let flags = [
          "fanout", "--streams", "2", "--changes", "1", "--services", "2",
          "--xds-tls-certificate", tls.certificate.path, "--xds-tls-key", tls.key.path,
          "--xds-tls-ca",
        ]

        let rows = try await measure(flags + [tls.clientCA.path])

        #expect(rows.first { $0.name == "change, p50 ms" }?.figure ?? 0 > 0)
        let stranger = bed.path("stranger.pem")
        try CertificateAuthority("Other").certificate
          .write(toFile: stranger, atomically: true, encoding: .utf8)
        let refusal = try await run(flags + [stranger])
        #expect(refusal.status == 1)
        #expect(refusal.errors.contains("CERTIFICATE_VERIFY_FAILED"))
      }
    }

    @Test func `any server's fan-out is measured by a call that changes it`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        try await chancery.post("/services", #"{"name": "users"}"#)
        try await chancery.post(
          "/routes",
          #"{"name": "users", "match": {"prefix": "/"}, "service": "users"}"#
        )

        let rows = try await measure([
          "fanout", "--xds", "127.0.0.1:\(chancery.xdsPort)", "--streams", "2", "--changes", "3",
          "--trigger-url", "http://127.0.0.1:\(chancery.adminPort)/services/users",
          "--trigger-body", #"{"endpoints": [{"address": "{address}", "port": 80}]}"#,
        ])

        #expect(rows.first { $0.name == "change, max ms" }?.figure ?? 0 > 0)
        #expect(try await chancery.call(.get, "/revisions").revision == 6)
      }
    }

    @Test(arguments: ["delta", "sotw"])
    func `a bare server sends the same beside it`(mode: String) async throws {
      let rows = try await measure([
        "floor", "--streams", "3", "--mode", mode, "--changes", "2", "--services", "3",
      ])
      let bytes = try #require(rows.first { $0.name == "bytes a change and stream" })
      #expect(bytes.floor ?? 0 > 100)
      // Nonces grow, and those of the bare server do not.
      #expect(abs((bytes.chancery ?? 0) - (bytes.floor ?? 0)) < 8)
      let times = rows.filter { $0.name.hasPrefix("first load") || $0.name.hasPrefix("change") }
      #expect(times.count == 8)
      #expect(times.allSatisfy { $0.floor ?? 0 > 0 && $0.ratio ?? 0 > 0 })
    }

    @Test func `what a change costs is told for each kind and size`() async throws {
      let rows = try await measure([
        "growth", "--size", "2", "--size", "4", "--changes", "1", "--streams", "2",
      ])
      #expect(
        rows.map(\.name)
          == ["endpoint", "route", "service"].flatMap { kind in
            ["one \(kind), 2 services", "one \(kind), 4 services"]
          }
      )
      #expect(rows.allSatisfy { $0.p50Ms ?? 0 > 0 && $0.cpuMs ?? 0 > 0 && $0.bytes ?? 0 > 100 })
    }

    @Test func `memory is noted over many changes, and drawn`() async throws {
      try await Testbed.run { bed in
        let rows = try await measure([
          "soak", "--changes", "6", "--streams", "2", "--services", "3", "--svg",
          bed.path("soak.svg"),
        ])
        #expect(rows.first { $0.name == "RSS at the end, MiB" }?.figure ?? 0 > 1)
        let picture = try String(contentsOfFile: bed.path("soak.svg"), encoding: .utf8)
        let points = try #require(picture.firstMatch(of: /points="([^"]*)"/)).output.1
        #expect(points.split(separator: " ").count == 7)
      }
    }

    @Test func `what is written is served by Envoy, and no request fails`() async throws {
      let rows = try await measure([
        "envoy", "--routes", "4", "--writes", "2", "--clients", "1", "--envoy", Envoy.program,
      ])
      #expect(rows.map(\.name) == ["4 routes, idle", "4 routes, 50 other changes/s"])
      #expect(rows.allSatisfy { $0.p50Ms ?? 0 > 0 && $0.requests ?? 0 > 0 && $0.failed == 0 })
    }
  }
}
