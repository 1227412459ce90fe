import EventLoopGRPC
import NIOCore
import NIOHTTP2
import RawHTTP2
import Testing

@Suite(.timeLimit(.minutes(2)))
struct FlowControlTests {
  static let messages = (0..<200).map { [$0] + [UInt8](repeating: 0, count: 10_000) }

  @Test func `a client that does not read may not send on, and is served when it reads`()
    async throws
  {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port, window: 0) { client in
        let id = try await client.open(TestServer.path)
        client.push(Self.messages.flatMap { RawMessage.prefixed($0) }, on: id)
        // The window's worth has come when the server answers; what it wrote then has come, too.
        for _ in 1...3 { try await client.ping() }
        #expect(await server.nextEvent() == .received(Self.messages[0]))
        #expect(client.pending(on: id).allSatisfy { !$0.payload.grants })
        try await client.grant(1 << 30)
        try await client.grant(1 << 30, on: id)
        for message in Self.messages {
          guard await client.message(on: id) == message else {
            Issue.record("An answer is missing")
            return
          }
        }
      }
    }
  }

  @Test func `a client whose call is held may not send on, but others may`() async throws {
    let script = Script { call, message in
      if message.count == 2 { call.hold() } else { call.send { $0.writeBytes(message) } }
    }
    try await TestServer.run(script) { server in
      try await RawClient.with(port: server.port) { client in
        let held = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed([1, 2]), on: held)
        client.push(Self.messages.flatMap { RawMessage.prefixed($0) }, on: held)
        let id = try await client.open(TestServer.path)
        for message in Self.messages {
          try await client.send(RawMessage.prefixed(message), on: id)
          guard await client.message(on: id) == message else {
            Issue.record("An answer is missing")
            return
          }
        }
        #expect(client.pending(on: held).allSatisfy { !$0.payload.grants })
        let call = try #require(await server.nextCall())
        call.execute { $0.release() }
        for message in Self.messages {
          guard await client.message(on: held) == message else {
            Issue.record("An answer is missing")
            return
          }
        }
      }
    }
  }

  @Test func `a connection's calls may not send too much at once, all together`() async throws {
    let script = Script { call, _ in call.hold() }
    try await TestServer.run(script, messageLimit: 600_000) { server in
      try await RawClient.with(port: server.port) { client in
        var ids: [HTTP2StreamID] = []
        for _ in 1...3 { ids.append(try await client.open(TestServer.path)) }
        let waiting = [1, 500_000].flatMap { RawMessage.prefixed([UInt8](repeating: 0, count: $0)) }
        for id in ids { try await client.send(waiting, on: id) }
        #expect(await client.status(of: ids[2]) == "8")
        // What the one kept is free again, and what comes for it is not kept.
        let another = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed([1]), on: another)
        for id in ids.prefix(2) + [another] {
          try await client.send([], on: id, endStream: true)
          try await client.send(.rstStream(.cancel), on: id)
        }
        let last = try await client.open(TestServer.path)
        try await client.send(waiting, on: last)
        try await client.ping()
        #expect(client.pending(on: last).isEmpty)
      }
    }
  }

  @Test func `padding counts as taken`() async throws {
    try await TestServer.run(.silence) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        // The window is as wide as the server says once the client has answered its settings.
        try await client.ping()
        let frame = RawFrame.data(RawMessage.prefixed([1]), padding: 255, on: Int(id))
        // The length of the padding is of what is controlled, a frame's head of 9 bytes is not.
        let half = [[UInt8]](repeating: frame, count: (1 << 19) / (frame.count - 9) + 1)
        for _ in 1...2 {
          try await client.send(raw: Array(half.joined()))
          guard await client.nextGrant(on: id) else {
            Issue.record("The server grants nothing")
            return
          }
        }
      }
    }
  }

  @Test func `an empty padded frame is taken`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(raw: RawFrame.data([], padding: 0, on: Int(id)))
        try await client.send(RawMessage.prefixed([1]), on: id)
        #expect(await client.message(on: id) == [1])
      }
    }
  }

  @Test func `a call's end comes after what still waits for a window`() async throws {
    let script = Script { call, _ in
      call.send { $0.writeRepeatingByte(7, count: 100_000) }
      call.finish(GRPCStatus(.unavailable, "later"))
    }
    try await TestServer.run(script) { server in
      try await RawClient.with(port: server.port, window: 0) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed([1]), on: id)
        // The handler is rid of it before the client reads.
        #expect(await server.nextEvent() == .received([1]))
        #expect(await server.nextEvent() == .closed)
        try await client.ping()
        #expect(client.pending(on: id).allSatisfy { !$0.payload.ends })
        try await client.grant(1 << 30)
        try await client.grant(1 << 30, on: id)
        #expect(await client.message(on: id)?.count == 100_000)
        #expect(await client.status(of: id) == "14")
      }
    }
  }

  @Test func `the handler is told once the client has taken what was sent`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port, window: 0) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed([1]), on: id)
        for _ in 1...2 { try await client.ping() }
        let call = try #require(await server.nextCall())
        let taken = try await call.eventLoop.submit { (call.value.taken, call.value.isWriting) }
          .get()
        #expect(taken == (0, true))
        try await client.grant(100, on: id)
        #expect(await server.nextEvent() == .received([1]))
        #expect(await server.nextEvent() == .sent)
        let after = try await call.eventLoop.submit { (call.value.taken, call.value.isWriting) }
          .get()
        #expect(after == (1, false))
      }
    }
  }
}

extension HTTP2Frame.FramePayload {
  fileprivate var grants: Bool { if case .windowUpdate = self { true } else { false } }

  fileprivate var ends: Bool { if case .headers(let head) = self { head.endStream } else { false } }
}

extension RawClient {
  /// Waits until the server lets the client send more on a stream; false if it ends before.
  fileprivate func nextGrant(on id: HTTP2StreamID) async -> Bool {
    while let frame = await next(on: id) { if frame.payload.grants { return true } }
    return false
  }
}
