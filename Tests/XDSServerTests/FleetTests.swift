import EnvoyAPI
import Snapshots
import SwiftProtobuf
import Testing

@testable import XDSServer

@Suite(.timeLimit(.minutes(5)))
struct FleetTests {
  static let size = 1_500

  let harness = Harness()

  @Test func `X25: 1 500 streams that open at once are all served, and then each change`()
    async throws
  {
    harness.post(1, [cluster("a", "1")])
    let served = AsyncStream.makeStream(of: Void.self)
    try await harness.withClient { [harness] client in
      try await withThrowingDiscardingTaskGroup { group in
        for number in 1...Self.size {
          group.addTask {
            try await harness.stream(client, Harness.aggregated, "DeltaAggregatedResources") {
              (wire: Wire<DeltaRequest, DeltaResponse>) async throws in
              try await follow(wire, number, served.continuation)
            }
          }
        }
        var count = 0
        for await _ in served.stream {
          count += 1
          if count == Self.size {
            #expect(harness.proxies.connections.count == Self.size)
            harness.post(2, [cluster("a", "2")], changed: [ResourceKey(.cluster, "a")])
          }
          if count == 2 * Self.size { break }
        }
      }
    }
    #expect(harness.proxies.connections.isEmpty)
  }

  /// Takes two responses.
  private func follow(
    _ wire: Wire<DeltaRequest, DeltaResponse>,
    _ number: Int,
    _ served: AsyncStream<Void>.Continuation
  ) async throws {
    wire.send {
      $0.node.id = "n\(number)"
      $0.typeURL = ResourceType.cluster.url
    }
    for content in ["1", "2"] {
      let response = try #require(try await wire.next())
      #expect(response.resources.map { Array($0.resource.value) } == [Array(content.utf8)])
      wire.send {
        $0.typeURL = ResourceType.cluster.url
        $0.responseNonce = response.nonce
      }
      served.yield()
    }
  }
}
