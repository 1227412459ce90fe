import Foundation
import Testing

extension EndToEnd {
  /// The benchmarks at their smallest: that they measure at all, not how long it took.
  @Suite struct Benchmark {
    private struct Table: Decodable {
      struct Row: Decodable {
        var name: String
        var medianMs: Double?
        var writesPerS: Double?
      }

      var rows: [Row]
    }

    private func measure(_ arguments: [String]) async throws -> [Table.Row] {
      let result = try await Chancery.run(
        arguments + ["--output", "json"],
        environment: ["PATH": "/usr/bin:/bin"],
        program: Chancery.program + "-bench"
      )
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
  }
}
