import EventLoopGRPC
import NIOCore
import NIOEmbedded
import NIOHTTP2
import RawHTTP2
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ConnectionTests {
  @Test func `a connection that is to end takes no more calls, and closes after the last`()
    async throws
  {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        _ = await server.nextCall()
        server.quiesce()
        // The second names the last call.
        #expect(await client.nextGoAway() == .maxID)
        #expect(await client.nextGoAway() == id)
        try await client.send(RawMessage.prefixed([1]), on: id)
        #expect(await client.message(on: id) == [1])
        try await client.send([], on: id, endStream: true)
        #expect(await client.status(of: id) == "0")
        await client.closed()
        try await server.close()
        #expect(await server.rest().last == .closed)
      }
    }
  }

  @Test func `a connection without calls that is to end is closed`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        try await client.ping()
        server.quiesce()
        await client.closed()
      }
    }
  }

  @Test func `a call that begins before its client has heard of the end is no harm to others`()
    throws
  {
    let connection = try EmbeddedConnection(window: 1 << 20) { channel in
      let log = AsyncStream.makeStream(of: TestServer.Event.self).continuation
      let method: GRPCMethod = { ScriptedHandler($0, .echo, log) }
      try channel.pipeline.syncOperations.addGRPC([TestServer.path: method], messageLimit: 100)
    }
    let id = try connection.open(TestServer.path)
    connection.quiesce()
    let late = try connection.open(TestServer.path, saying: [1])
    #expect(connection.messages(on: late).isEmpty)
    try connection.send([2], on: id)
    #expect(connection.messages(on: id) == [[2]])
    #expect(!connection.isClosed)
    try connection.finish(id)
    #expect(connection.status(of: id) == "0")
    #expect(connection.isClosed)
  }

  @Test func `a client that has said nothing for 30 seconds is pinged`() throws {
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addGRPC([:], messageLimit: 1)
    channel.pipeline.fireChannelActive()
    try channel.writeInbound(ByteBuffer(bytes: RawFrame.preface))
    #expect(try channel.outboundFrames().contains(6) == false)
    channel.embeddedEventLoop.advanceTime(by: .seconds(29))
    #expect(try channel.outboundFrames() == [])
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(try channel.outboundFrames() == [6])
    // The end that it is told of, which begins with another ping.
    channel.embeddedEventLoop.advanceTime(by: .seconds(20))
    #expect(try channel.outboundFrames() == [7, 6])
    _ = try? channel.finish()
  }

  @Test func `a client that pings twice a second is served`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        for _ in 1...60 { try await client.send(raw: RawFrame.ping) }
        let id = try await client.open(TestServer.path, endStream: true)
        #expect(await client.status(of: id) == "0")
      }
    }
  }

  @Test func `a flood of pings closes the connection`() async throws {
    try await flood(with: [UInt8]([[UInt8]](repeating: RawFrame.ping, count: 2_000).joined()))
  }

  @Test func `calls that are reset at once close the connection, and all of them are closed`()
    async throws
  {
    var bytes: [UInt8] = []
    for stream in stride(from: 1, to: 1_000, by: 2) {
      bytes += RawFrame.head(TestServer.path, on: stream) + RawFrame.reset(stream)
    }
    let events = try await flood(with: bytes)
    #expect(!events.isEmpty)
    #expect(events.allSatisfy { $0 == .closed })
  }

  @Test func `a head that does not end closes the connection`() async throws {
    let field = RawFrame.field("x", "y")
    var bytes = RawFrame.head(TestServer.path, endHeaders: false, on: 1)
    for _ in 1...1_000 { bytes += RawFrame.continuation(field, on: 1) }
    try await flood(with: bytes)
  }

  @Test func `a head that is too large closes the connection`() async throws {
    let more = (1...200).map { ("x\($0)", String(repeating: "y", count: 100)) }
    try await flood(with: RawFrame.head(TestServer.path, more: more, on: 1))
  }

  @Test func `what is not HTTP/2 closes the connection`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        try await client.send(raw: [UInt8](repeating: 255, count: 100))
        await client.closed()
      }
    }
  }

  @discardableResult
  private func flood(with bytes: [UInt8]) async throws -> [TestServer.Event] {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        try await client.ping()
        // The server may close the connection before all is sent.
        try? await client.send(raw: bytes)
        await client.closed()
        try await server.close()
        return await server.rest()
      }
    }
  }
}

extension EmbeddedChannel {
  /// The types of the frames that were sent.
  fileprivate func outboundFrames() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let data = try readOutbound(as: IOData.self) {
      guard case .byteBuffer(let buffer) = data else { continue }
      bytes += buffer.readableBytesView
    }
    var types: [UInt8] = []
    while bytes.count >= 9 {
      types.append(bytes[3])
      bytes = Array(bytes.dropFirst(9 + bytes[0..<3].reduce(0) { $0 << 8 | Int($1) }))
    }
    return types
  }
}
