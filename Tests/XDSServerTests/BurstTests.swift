import EnvoyAPI
import Snapshots
import SwiftProtobuf
import Testing

@testable import XDSServer

@Suite(.timeLimit(.minutes(5)))
struct BurstTests {
  static let types: [ResourceType] = [.endpoints, .listener, .routes]
  static let commits = 4_000

  let harness = Harness()

  func post(_ revision: Int, _ type: ResourceType) {
    harness.post(
      revision,
      [Resource(ResourceKey(type, "a"), body: Array("\(revision)".utf8))],
      changed: [ResourceKey(type, "a")]
    )
  }

  @Test(arguments: types)
  func `X24: 4 000 commits are one response to a delta stream that answers late`(
    type: ResourceType
  ) async throws {
    post(1, type)
    try await harness.withDelta { wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = type.url
        $0.resourceNamesSubscribe = ["a"]
      }
      let first = try #require(try await wire.next())
      for commit in 1...Self.commits { post(1 + commit, type) }
      wire.send {
        $0.typeURL = type.url
        $0.responseNonce = first.nonce
      }
      let second = try #require(try await wire.next())
      #expect(second.resources.map { Array($0.resource.value) } == [Array("4001".utf8)])
      wire.send {
        $0.typeURL = type.url
        $0.responseNonce = second.nonce
      }
      // What else there is to send would come before the answer to this.
      wire.send { $0.typeURL = "type.googleapis.com/x.Y" }
      #expect(try await wire.next()?.typeURL == "type.googleapis.com/x.Y")
    }
  }

  @Test(arguments: types)
  func `X24: 4 000 commits are one response to a state-of-the-world stream that answers late`(
    type: ResourceType
  ) async throws {
    post(1, type)
    try await harness.withWhole { wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = type.url
        $0.resourceNames = ["a"]
      }
      let first = try #require(try await wire.next())
      for commit in 1...Self.commits { post(1 + commit, type) }
      wire.send {
        $0.typeURL = type.url
        $0.resourceNames = ["a"]
        $0.versionInfo = first.versionInfo
        $0.responseNonce = first.nonce
      }
      let second = try #require(try await wire.next())
      #expect(second.resources.map { Array($0.value) } == [Array("4001".utf8)])
      wire.send {
        $0.typeURL = type.url
        $0.resourceNames = ["a"]
        $0.versionInfo = second.versionInfo
        $0.responseNonce = second.nonce
      }
      wire.send { $0.typeURL = "type.googleapis.com/x.Y" }
      #expect(try await wire.next()?.typeURL == "type.googleapis.com/x.Y")
    }
  }

  @Test func `X24: clusters wait at most a second for an answer, so few responses go without one`()
    async throws
  {
    post(1, .cluster)
    let clock = ContinuousClock()
    try await harness.withDelta { wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = ResourceType.cluster.url
      }
      _ = try await wire.next()
      let start = clock.now
      for commit in 1...Self.commits { post(1 + commit, .cluster) }
      var responses = 0
      var newest: [UInt8] = []
      while newest != Array("4001".utf8) {
        let response = try #require(try await wire.next())
        newest = response.resources.first.map { Array($0.resource.value) } ?? []
        responses += 1
      }
      #expect(responses <= 1 + Int((clock.now - start) / .seconds(1)))
    }
  }
}
