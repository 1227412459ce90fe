import EnvoyAPI
import GRPCCore
import Snapshots
import SwiftProtobuf
import Testing

@testable import XDSServer

/// X29: which streams get virtual hosts as resources of their own.
@Suite(.timeLimit(.minutes(1)))
struct HostwiseTests {
  let harness = Harness()
  let listeners = ResourceType.listener.url

  /// A listener in two forms.
  func post() {
    var snapshot = Snapshot(revision: 1)
    let key = ResourceKey(.listener, "l")
    snapshot[.listener].insert(Resource(key, body: Array("whole".utf8)))
    snapshot.hostwiseListeners = ResourceSet()
    snapshot.hostwiseListeners?.insert(Resource(key, body: Array("hostwise".utf8)))
    harness.board.post(FleetSnapshots(others: snapshot), changed: nil)
  }

  @Test(arguments: [
    ("discovery.v3.AggregatedDiscoveryService", "DeltaAggregatedResources", "hostwise"),
    ("listener.v3.ListenerDiscoveryService", "DeltaListeners", "whole"),
  ])
  func `aggregated streams in delta do, those of one type do not`(
    service: String,
    method: String,
    content: String
  ) async throws {
    post()
    try await harness.withStream("envoy.service.\(service)", method) {
      (wire: Wire<DeltaRequest, DeltaResponse>) async throws in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = listeners
      }
      let answer = try #require(try await wire.next())
      #expect(answer.resources.map { Array($0.resource.value) } == [Array(content.utf8)])
    }
  }

  @Test func `streams in state of the world do not`() async throws {
    post()
    try await harness.withWhole { wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = listeners
      }
      let answer = try #require(try await wire.next())
      #expect(answer.resources.map { Array($0.value) } == [Array("whole".utf8)])
    }
  }
}
