import EnvoyAPI
import NIOCore
import NIOHTTP2
import RawHTTP2
import Snapshots
import SwiftProtobuf
import Testing

@testable import XDSServer

struct SlowClientTests {
  let harness = Harness(patience: .seconds(60))

  init() { post(1) }

  func post(_ revision: Int) { harness.post(revision, [cluster("a", "\(revision)")]) }

  /// A client that may be sent so much on its stream, which has asked for all clusters.
  func connect(window: Int) throws -> (EmbeddedConnection, HTTP2StreamID) {
    let connection = try EmbeddedConnection(window: window, harness.services.serve)
    let id = try connection.open("/\(Harness.aggregated)/DeltaAggregatedResources")
    try connection.ask(ResourceType.cluster.url, on: id)
    #expect(harness.proxies.connections.count == 1)
    return (connection, id)
  }

  @Test func `X24: a client is cut when it does not read and newer content waits`() throws {
    let (connection, _) = try connect(window: 0)
    post(2)
    try connection.advance(by: .seconds(59))
    #expect(!connection.isClosed)
    try connection.advance(by: .seconds(1))
    #expect(connection.isClosed)
    #expect(harness.proxies.connections.isEmpty)
  }

  @Test func `a client that has read half a response is cut, too`() throws {
    let (connection, _) = try connect(window: 10)
    post(2)
    try connection.advance(by: .seconds(60))
    #expect(connection.isClosed)
  }

  @Test func `a client has a second more for each 64 KiB`() throws {
    harness.post(1, [cluster("a", String(repeating: "x", count: 3 << 16))])
    let (connection, _) = try connect(window: 0)
    post(2)
    try connection.advance(by: .seconds(62))
    #expect(!connection.isClosed)
    try connection.advance(by: .seconds(1))
    #expect(connection.isClosed)
  }

  @Test func `content that waited before the write began counts as newer`() throws {
    let (connection, id) = try connect(window: 0)
    try connection.ask("type.googleapis.com/x.Y", on: id)
    post(2)
    try connection.advance(by: .seconds(30))
    // Only the first response: the second is then about the former request, and the posting waits.
    try connection.grant(connection.firstSize(), on: id)
    #expect(connection.messages(on: id).count == 1)
    try connection.advance(by: .seconds(89))
    #expect(!connection.isClosed)
    try connection.advance(by: .seconds(1))
    #expect(connection.isClosed)
  }

  @Test func `a client that reads late is not cut, and gets the newest only`() throws {
    let (connection, id) = try connect(window: 0)
    for revision in 2...50 { post(revision) }
    try connection.advance(by: .seconds(59))
    try connection.grant(1 << 20, on: id)
    try connection.advance(by: .hours(1))
    #expect(!connection.isClosed)
    let contents = try connection.responses(on: id).map { response in
      response.resources.map { String(decoding: $0.resource.value, as: UTF8.self) }
    }
    #expect(contents == [["1"], ["50"]])
  }

  @Test func `a client that does not read is not cut while nothing newer waits`() throws {
    let (connection, id) = try connect(window: 0)
    try connection.advance(by: .hours(10))
    #expect(!connection.isClosed)
    try connection.grant(1 << 20, on: id)
    #expect(connection.messages(on: id).count == 1)
  }

  @Test func `X27: draining ends a stream whose client has stopped reading`() throws {
    let (connection, id) = try connect(window: 0)
    harness.services.drain()
    try connection.exchange()
    #expect(harness.proxies.connections.isEmpty)
    #expect(connection.status(of: id) == nil)
    try connection.grant(1 << 20, on: id)
    #expect(connection.messages(on: id).count == 1)
    #expect(connection.status(of: id) == "14")
    #expect(!connection.isClosed)
  }

  @Test func `a stream that waits for its first view is ended by draining, and not begun after`()
    throws
  {
    let empty = Harness()
    let connection = try EmbeddedConnection(window: 1 << 20, empty.services.serve)
    let id = try connection.open("/\(Harness.aggregated)/DeltaAggregatedResources")
    try connection.ask(ResourceType.cluster.url, on: id)
    empty.services.drain()
    empty.post(1, [])
    try connection.exchange()
    #expect(connection.status(of: id) == "14")
    #expect(connection.messages(on: id).isEmpty)
    #expect(empty.proxies.connections.isEmpty)
  }

  @Test(arguments: [
    "\(Harness.aggregated)/DeltaAggregatedResources", "\(HealthService.name)/Watch",
  ])
  func `calls that end by themselves, or by their connection, leave nothing behind`(
    method: String
  ) throws {
    for isDrained in [false, true] {
      let board = try use(method, isDrained: isDrained)
      #expect(board() == nil)
    }
  }

  /// Serves a call of a board that nobody else knows, and tells whether the board is still there.
  private func use(_ method: String, isDrained: Bool) throws -> () -> SnapshotBoard? {
    let board = SnapshotBoard()
    let harness = Harness(board: board)
    harness.post(1, [cluster("a")])
    if isDrained { harness.services.drain() }
    let connection = try EmbeddedConnection(window: 0, harness.services.serve)
    let id = try connection.open("/\(method)")
    if method.hasSuffix("Watch") {
      try connection.send([], on: id)
    } else {
      try connection.ask(ResourceType.cluster.url, on: id)
    }
    harness.post(2, [cluster("b")])
    try connection.exchange()
    connection.close()
    return { [weak board] in board }
  }
}

extension EmbeddedConnection {
  /// Asks for all resources of a type, in delta.
  fileprivate func ask(_ type: String, on id: HTTP2StreamID) throws {
    let request = DeltaRequest.with {
      $0.node.id = "n"
      $0.typeURL = type
    }
    try send(try request.serializedBytes(), on: id)
  }

  fileprivate func responses(on id: HTTP2StreamID) throws -> [DeltaResponse] {
    try messages(on: id).map { try DeltaResponse(serializedBytes: $0) }
  }

  /// How many bytes the first response of such a stream takes, as one learns that can read it.
  fileprivate func firstSize() throws -> Int {
    let other = Harness()
    other.post(1, [cluster("a", "1")])
    let connection = try EmbeddedConnection(window: 1 << 20, other.services.serve)
    let id = try connection.open("/\(Harness.aggregated)/DeltaAggregatedResources")
    try connection.ask(ResourceType.cluster.url, on: id)
    let first = try #require(connection.messages(on: id).first)
    return first.count + 5
  }
}
