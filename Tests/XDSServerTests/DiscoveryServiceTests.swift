import EnvoyAPI
import EventLoopGRPC
import GRPCCore
import NIOCore
import Snapshots
import SwiftProtobuf
import Testing

@testable import XDSServer

@Suite(.timeLimit(.minutes(5)))
struct DiscoveryServiceTests {
  let harness = Harness()
  let clusters = ResourceType.cluster.url

  @Test func `a delta stream is sent what is on the board and then what is posted`() async throws {
    harness.post(1, [cluster("a")])
    try await harness.withDelta { [harness, clusters] wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = clusters
      }
      let first = try #require(try await wire.next())
      #expect(first.typeURL == clusters)
      #expect(first.resources.map(\.name) == ["a"])
      #expect(first.resources.map(\.version) == ["\(cluster("a").version)"])
      #expect(first.resources.map(\.resource.typeURL) == [clusters])
      #expect(first.resources.map { Array($0.resource.value) } == [Array("1".utf8)])
      wire.send {
        $0.typeURL = clusters
        $0.responseNonce = first.nonce
      }
      harness.post(2, [cluster("b")])
      let second = try #require(try await wire.next())
      #expect(second.resources.map(\.name) == ["b"])
      #expect(second.removedResources == ["a"])
    }
  }

  @Test func `a state-of-the-world stream is sent what is on the board and then what is posted`()
    async throws
  {
    harness.post(1, [cluster("a")])
    try await harness.withWhole { [harness, clusters] wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = clusters
      }
      let first = try #require(try await wire.next())
      #expect(first.resources.map { Array($0.value) } == [Array("1".utf8)])
      #expect(first.resources.map(\.typeURL) == [clusters])
      wire.send {
        $0.typeURL = clusters
        $0.responseNonce = first.nonce
        $0.versionInfo = first.versionInfo
      }
      harness.post(2, [cluster("a", "2")])
      let second = try #require(try await wire.next())
      #expect(second.resources.map { Array($0.value) } == [Array("2".utf8)])
      #expect(second.versionInfo != first.versionInfo)
    }
  }

  @Test func `X3: a stream is not answered before the first posting`() async throws {
    try await harness.withDelta { [harness, clusters] wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = clusters
      }
      harness.post(1, [cluster("a")])
      let response = try await wire.next()
      #expect(response?.resources.map(\.name) == ["a"])
    }
  }

  @Test(arguments: [nil, "", String(repeating: "n", count: 1025)])
  func `X7: a stream whose first message has no sane node id ends with INVALID_ARGUMENT`(
    id: String?
  ) async throws {
    harness.post(1, [])
    let error = await #expect(throws: RPCError.self) {
      try await harness.withDelta { [clusters] wire in
        wire.send {
          if let id {
            $0.node.id = id
            $0.node.cluster = "fleet"
          }
          $0.typeURL = clusters
        }
        _ = try await wire.next()
      }
    }
    #expect(error?.code == .invalidArgument)
  }

  @Test func `X5: an unknown type is answered with nothing`() async throws {
    harness.post(1, [cluster("a")])
    try await harness.withDelta { wire in
      wire.send {
        $0.node.id = "n"
        $0.typeURL = "type.googleapis.com/x.Y"
      }
      let response = try #require(try await wire.next())
      #expect(response.typeURL == "type.googleapis.com/x.Y")
      #expect(response.resources.isEmpty)
    }
  }

  @Test func `a stream that asks for too many types ends with RESOURCE_EXHAUSTED`() async throws {
    harness.post(1, [])
    let error = await #expect(throws: RPCError.self) {
      try await harness.withDelta { wire in
        for number in 1...65 {
          wire.send {
            $0.node.id = "n"
            $0.typeURL = "type.googleapis.com/x.Y\(number)"
          }
        }
        while try await wire.next() != nil {}
      }
    }
    #expect(error?.code == .resourceExhausted)
  }

  @Test func `X28: a stream gets the snapshot of its node's fleet`() async throws {
    var east = Snapshot(revision: 1)
    east[.cluster].insert(cluster("of the east"))
    harness.board.post(
      FleetSnapshots(named: ["east": east], others: Snapshot(revision: 1)),
      changed: nil
    )
    try await harness.withDelta { [clusters] wire in
      wire.send {
        $0.node.id = "n"
        $0.node.cluster = "east"
        $0.typeURL = clusters
      }
      let response = try await wire.next()
      #expect(response?.resources.map(\.name) == ["of the east"])
    }
  }

  @Test(arguments: [true, false])
  func `X27: draining ends streams with UNAVAILABLE`(isOpen: Bool) async throws {
    harness.post(1, [cluster("a")])
    if !isOpen { harness.services.drain() }
    let error = await #expect(throws: RPCError.self) {
      try await harness.withDelta { [harness, clusters] wire in
        wire.send {
          $0.node.id = "n"
          $0.typeURL = clusters
        }
        _ = try await wire.next()
        harness.services.drain()
        _ = try await wire.next()
      }
    }
    #expect(error?.code == .unavailable)
  }

  @Test func `what a proxy answered stands on the board of proxies`() async throws {
    harness.post(1, [cluster("a")])
    try await harness.withDelta { [harness, clusters] wire in
      wire.send {
        $0.node.id = "n"
        $0.node.cluster = "east"
        $0.node.userAgentBuildVersion.version.majorNumber = 1
        $0.node.userAgentBuildVersion.version.minorNumber = 40
        $0.typeURL = clusters
      }
      let nonce = try #require(try await wire.next()).nonce
      wire.send {
        $0.typeURL = clusters
        $0.responseNonce = nonce
        $0.errorDetail.message = "no\n"
      }
      // The answer to this shows that the NACK was seen.
      wire.send { $0.typeURL = ResourceType.listener.url }
      _ = try await wire.next()
      let connection = try #require(harness.proxies.connections.first)
      #expect(connection.node == ProxyNode(id: "n", fleet: "east", version: "1.40.0"))
      let rejection = ProxyRejection(revision: 1, names: ["a"], message: "no")
      #expect(connection.types[.cluster] == ProxyStanding(sent: 1, rejection: rejection))
    }
    #expect(harness.proxies.connections.isEmpty)
  }

  @Test func `X18: one proxy's refusal changes nothing for the others`() async throws {
    harness.post(1, [cluster("a")])
    try await harness.withDelta { [harness, clusters] refusing in
      try await harness.withDelta { taking in
        for wire in [refusing, taking] {
          wire.send {
            $0.node.id = "n"
            $0.typeURL = clusters
          }
        }
        let refused = try #require(try await refusing.next())
        let taken = try #require(try await taking.next())
        refusing.send {
          $0.typeURL = clusters
          $0.responseNonce = refused.nonce
          $0.errorDetail.message = "no"
        }
        taking.send {
          $0.typeURL = clusters
          $0.responseNonce = taken.nonce
        }
        harness.post(2, [cluster("a"), cluster("b")])
        #expect(try await taking.next()?.resources.map(\.name) == ["b"])
        // What it refused is unknown from then on, and goes with the next response.
        #expect(try await refusing.next()?.resources.map(\.name).sorted() == ["a", "b"])
      }
    }
  }

  @Test func `a request that is none ends its stream with INVALID_ARGUMENT`() throws {
    let method = try #require(DiscoveryMethod.all.first)
    let error = #expect(throws: GRPCStatus.self) {
      try method.decode(ByteBuffer(bytes: [0x0a, 0xff]))
    }
    #expect(error?.code == .invalidArgument)
  }
}
