import EnvoyAPI
import NIOHTTP2
import RawHTTP2
import Snapshots
import SwiftProtobuf
import Testing

@testable import XDSServer

/// What may happen between a posting and the streams of an event loop.
@Suite(.timeLimit(.minutes(2)))
struct PostingTests {
  let harness = Harness()

  func withRawClient(_ body: (RawClient) async throws -> Void) async throws {
    let server = try await Loopback(harness.services)
    try await RawClient.with(port: server.port, body)
    try await server.close()
  }

  @Test func `each request of many streams is answered once while revisions are posted`()
    async throws
  {
    harness.post(1, [])
    try await withRawClient { client in
      var ids: [HTTP2StreamID] = []
      for _ in 1...100 { ids.append(try await client.openDelta()) }
      let posting = Task { [harness] in
        for revision in 2...50 {
          harness.post(revision, [], changed: [])
          await Task.yield()
        }
      }
      for number in 1...20 {
        for id in ids {
          try client.ask(.endpoints, "\(number)", on: id, endStream: number == 20)
        }
      }
      await posting.value
      for id in ids {
        var count = 0
        while await client.message(on: id) != nil { count += 1 }
        #expect(count == 20)
        #expect(await client.status(of: id) == "0")
      }
    }
  }

  @Test func `streams that wait for the first posting see the newest, whenever it comes`()
    async throws
  {
    try await withRawClient { client in
      var ids: [HTTP2StreamID] = []
      for number in 1...200 {
        let id = try await client.openDelta()
        try client.ask(.cluster, on: id)
        ids.append(id)
        // The first falls among the streams' beginnings.
        if number.isMultiple(of: 20) { harness.post(number, [cluster("a", "\(number)")]) }
      }
      harness.post(201, [cluster("a", "newest")])
      for id in ids {
        var newest = ""
        while newest != "newest" {
          let message = try #require(await client.message(on: id))
          let response = try DeltaResponse(serializedBytes: message)
          newest =
            response.resources.last.map { String(decoding: $0.resource.value, as: UTF8.self) } ?? ""
          try client.answer(response, on: id)
        }
      }
    }
  }

  @Test func `a stream sees what is posted after the last one before it has gone`() async throws {
    harness.post(1, [cluster("a", "1")])
    try await withRawClient { client in
      for round in 1...100 {
        let id = try await client.openDelta()
        try client.ask(.cluster, on: id)
        let first = try #require(await client.message(on: id))
        try client.answer(try DeltaResponse(serializedBytes: first), on: id)
        Task.detached { [harness] in harness.post(round + 1, [cluster("a", "\(round + 1)")]) }
        let second = try #require(await client.message(on: id))
        let response = try DeltaResponse(serializedBytes: second)
        #expect(response.resources.map { Array($0.resource.value) } == [Array("\(round + 1)".utf8)])
        // Without a word, so that the next begins while this one goes.
        try await client.send([], on: id, endStream: true)
      }
    }
    #expect(harness.proxies.connections.isEmpty)
  }
}

extension RawClient {
  fileprivate func openDelta() async throws -> HTTP2StreamID {
    try await open("/\(Harness.aggregated)/DeltaAggregatedResources")
  }

  fileprivate func ask(
    _ type: ResourceType,
    _ names: String...,
    on id: HTTP2StreamID,
    endStream: Bool = false
  ) throws {
    let request = DeltaRequest.with {
      $0.node.id = "n"
      $0.typeURL = type.url
      $0.resourceNamesSubscribe = names
    }
    let bytes = RawMessage.prefixed(try request.serializedBytes())
    push(bytes, on: id, endStream: endStream)
  }

  /// Accepts a response.
  fileprivate func answer(_ response: DeltaResponse, on id: HTTP2StreamID) throws {
    let request = DeltaRequest.with {
      $0.typeURL = response.typeURL
      $0.responseNonce = response.nonce
    }
    push(RawMessage.prefixed(try request.serializedBytes()), on: id)
  }
}
