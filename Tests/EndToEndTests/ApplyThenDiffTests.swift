import Foundation
import Testing

extension EndToEnd {
  @Suite struct ApplyThenDiff {
    private static let empty = #"{"gateways": {}, "services": {}, "routes": {}}"#

    @Test func `what was applied differs in nothing from its file, for every document`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let file = bed.path("document.json")
        for seed in 100..<115 {
          var random = RandomDocument(seed: UInt64(seed))
          let document = random.document()
          try document.write(toFile: file, atomically: true, encoding: .utf8)
          try await chancery.expect(0, "apply", "--prune", "-f", "-", input: Self.empty)
          try await chancery.expect(0, "apply", "-f", file)
          let diff = try await chancery.expect(0, "diff", "-f", file)
          #expect(diff.output.isEmpty, "seed \(seed): \(document)\n\(diff.output)")
          try await chancery.expect(0, "diff", "--prune", "-f", file)
        }
      }
    }
  }
}
