import EventLoopGRPC
import NIOCore
import NIOHTTP2
import RawHTTP2
import Testing

@Suite(.timeLimit(.minutes(2)))
struct EndTests {
  static let refusing = Script { _, _ throws(GRPCStatus) in throw GRPCStatus(.notFound, "") }

  @Test func `a call whose head is its end is told of the end`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path, endStream: true)
        #expect(await client.status(of: id) == "0")
        try await server.close()
        #expect(await server.rest() == [.ended, .closed])
      }
    }
  }

  @Test func `trailers are the end of a call`() async throws {
    try await TestServer.run(.silence) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed([1]), on: id)
        try await client.sendTrailers(on: id)
        #expect(await client.status(of: id) == "0")
        try await server.close()
        #expect(await server.rest() == [.received([1]), .ended, .closed])
      }
    }
  }

  @Test func `an end that comes by itself is the end of a call`() async throws {
    try await TestServer.run(.silence) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        try await client.send([], on: id, endStream: true)
        #expect(await client.status(of: id) == "0")
      }
    }
  }

  @Test func `the end is told though the call is held`() async throws {
    let script = Script { call, _ in call.hold() }
    try await TestServer.run(script) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed([1]), on: id, endStream: true)
        #expect(await client.status(of: id) == "0")
      }
    }
  }

  @Test func `the end is told once, though the call goes on`() async throws {
    let script = Script(received: { _, _ in }) { call in call.send { $0.writeBytes([1]) } }
    try await TestServer.run(script) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path, endStream: true)
        #expect(await client.message(on: id) == [1])
        let call = try #require(await server.nextCall())
        call.execute { call in
          call.release()
          call.send { $0.writeBytes([2]) }
        }
        #expect(await client.message(on: id) == [2])
        call.execute { $0.finish() }
        #expect(await client.status(of: id) == "0")
        try await server.close()
        #expect(await server.rest().count { $0 == .ended } == 1)
      }
    }
  }

  @Test func `a call that its client resets is closed once`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(.rstStream(.cancel), on: id)
        #expect(await server.nextEvent() == .closed)
        let call = try #require(await server.nextCall())
        // What is done to it then has no effect.
        call.execute { call in
          call.sendHead()
          call.send { $0.writeBytes([1]) }
          call.finish()
          call.hold()
          call.release()
        }
        try await client.ping()
        try await server.close()
        #expect(await server.rest() == [])
      }
    }
  }

  @Test func `a reset of a call that waits for its client is its end`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port, window: 0) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed([1]), on: id)
        try await client.send(.rstStream(.cancel), on: id)
        try await client.ping()
        try await server.close()
        #expect(await server.rest() == [.received([1]), .closed])
      }
    }
  }

  @Test func `when a connection closes, each of its calls is closed`() async throws {
    try await TestServer.run { server in
      let client = try await RawClient.connect(to: server.port, window: 0)
      for _ in 1...50 {
        let id = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed([1]), on: id)
      }
      try await client.ping()
      client.close()
      var count = 0
      for await event in server.events where event == .closed {
        count += 1
        if count == 50 { break }
      }
      try await server.close()
      #expect(await server.rest().isEmpty)
    }
  }

  @Test func `a call that is cut takes its connection with it`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        _ = try await client.open(TestServer.path)
        _ = try await client.open(TestServer.path)
        _ = await server.nextCall()
        let call = try #require(await server.nextCall())
        call.execute { $0.cut() }
        await client.closed()
        try await server.close()
        #expect(await server.rest() == [.closed, .closed])
      }
    }
  }

  @Test func `after a call's end its client need say no more`() async throws {
    try await TestServer.run(Self.refusing) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed([1]), on: id)
        #expect(await client.status(of: id) == "5")
        #expect(await client.nextReset(on: id) == .noError)
      }
    }
  }

  @Test func `what comes for calls that have ended is no harm to others`() async throws {
    let script = Script { call, message throws(GRPCStatus) in
      if message == [1] { throw GRPCStatus(.notFound, "") }
      call.send { $0.writeBytes(message) }
    }
    try await TestServer.run(script) { server in
      try await RawClient.with(port: server.port) { client in
        let other = try await client.open(TestServer.path)
        var ended: [HTTP2StreamID] = []
        for _ in 1...200 {
          let id = try await client.open(TestServer.path)
          client.push(RawMessage.prefixed([1]), on: id)
          ended.append(id)
        }
        for id in ended { #expect(await client.status(of: id) == "5") }
        // What was under way when the server ended them.
        let late = ended.flatMap { id in
          RawFrame.data(RawMessage.prefixed([2]), on: Int(id))
            + RawFrame.data([], endStream: true, on: Int(id))
        }
        try await client.send(raw: late)
        try await client.send(RawMessage.prefixed([3]), on: other)
        #expect(await client.message(on: other) == [3])
        try await client.ping()
        #expect(!client.hasGoneAway)
      }
    }
  }

  @Test func `nothing is received after a call's end, though it has come`() async throws {
    try await TestServer.run(Self.refusing) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        try await client.send([1, 2, 3].flatMap { RawMessage.prefixed([$0]) }, on: id)
        #expect(await client.status(of: id) == "5")
        try await server.close()
        #expect(await server.rest() == [.received([1]), .closed])
      }
    }
  }
}
