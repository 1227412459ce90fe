import EnvoyAPI
import GRPCCore
import Snapshots
import SwiftProtobuf
import Testing

@testable import XDSServer

/// Streams that open while the board still looks for what was before a start.
@Suite(.timeLimit(.minutes(5)))
struct RecallTests {
  let harness = Harness(board: SnapshotBoard(recalls: true))
  let clusters = ResourceType.cluster.url

  init() { harness.post(1, [cluster("a")]) }

  func version(_ resources: [Resource]) -> String {
    var set = ResourceSet()
    for resource in resources { set.insert(resource) }
    return "\(set.fingerprint)"
  }

  /// What a client of clusters is sent first that says it has this version; nil if nothing until it
  /// has finished.
  func answer(_ version: String, finishing: Bool, then act: @Sendable @escaping () -> Void = {})
    async throws -> WholeResponse?
  {
    try await harness.withWhole { [clusters] wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = clusters
        $0.versionInfo = version
      }
      if finishing { wire.requests.finish() }
      act()
      return try await wire.next()
    }
  }

  @Test func `X20: a state-of-the-world client of an earlier version is not answered`() async throws
  {
    let old = version([cluster("a"), cluster("b")])
    #expect(try await answer(old, finishing: true) == nil)
  }

  @Test func `X20: it is answered once all is known`() async throws {
    let old = version([cluster("b")])
    let response = try await answer(old, finishing: false) { [harness] in harness.board.endRecall()
    }
    #expect(response?.resources.map { Array($0.value) } == [Array("1".utf8)])
  }

  @Test func `a client of the newest version waits for nothing`() async throws {
    let newest = version([cluster("a")])
    let response = try await harness.withWhole { [clusters] wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = clusters
        $0.versionInfo = newest
      }
      wire.send { $0.typeURL = ResourceType.listener.url }
      return try await wire.next()
    }
    #expect(response?.typeURL == ResourceType.listener.url)
  }

  @Test func `a client that has nothing waits for nothing`() async throws {
    #expect(try await answer("", finishing: false)?.resources.count == 1)
  }

  @Test func `a delta client waits for nothing`() async throws {
    let response = try await harness.withDelta { [clusters] wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = clusters
        $0.initialResourceVersions = ["a": "old"]
      }
      return try await wire.next()
    }
    #expect(response?.resources.map(\.name) == ["a"])
  }
}
