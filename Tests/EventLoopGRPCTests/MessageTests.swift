import EventLoopGRPC
import NIOCore
import RawHTTP2
import Testing

@Suite(.timeLimit(.minutes(2)))
struct MessageTests {
  @Test func `a message larger than all windows is taken, and one is sent`() async throws {
    let message = (1...9).flatMap { [UInt8](repeating: $0, count: 1 << 20) }
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed(message), on: id, endStream: true)
        #expect(await client.message(on: id) == message)
        #expect(await client.status(of: id) == "0")
      }
    }
  }

  @Test func `a message that is too long ends the call with RESOURCE_EXHAUSTED`() async throws {
    try await TestServer.run(messageLimit: 10) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        let bytes = [10, 11].flatMap { RawMessage.prefixed([UInt8](repeating: 0, count: $0)) }
        try await client.send(bytes, on: id)
        #expect(await client.message(on: id)?.count == 10)
        #expect(await client.status(of: id) == "8")
        try await server.close()
        #expect(await server.rest().count { $0 == .closed } == 1)
      }
    }
  }

  @Test(arguments: [(RawMessage.prefixed([1], flag: 1), "13"), ([0, 0, 0, 0, 9, 1], "13")])
  func `a call with a compressed message, or an end within one, ends with INTERNAL`(
    bytes: [UInt8],
    status: String
  ) async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(bytes, on: id, endStream: true)
        #expect(await client.status(of: id) == status)
        try await server.close()
        #expect(await server.rest() == [.closed])
      }
    }
  }

  @Test func `10 000 messages at once are each answered, in order`() async throws {
    let messages = (0..<10_000).map { number in
      (0..<3).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        client.push(messages.flatMap { RawMessage.prefixed($0) }, on: id)
        for message in messages {
          guard await client.message(on: id) == message else {
            Issue.record("An answer is missing: \(message)")
            return
          }
        }
      }
    }
  }

  @Test func `100 000 messages that waited are received, in order`() async throws {
    let messages = (0..<100_000).map { number in
      (0..<3).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    let script = Script { call, message in if message == [] { call.hold() } }
    try await TestServer.run(script) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        let bytes = RawMessage.prefixed([]) + messages.flatMap { RawMessage.prefixed($0) }
        try await client.send(bytes, on: id, endStream: true)
        try await client.ping()
        let call = try #require(await server.nextCall())
        call.execute { $0.release() }
        #expect(await client.status(of: id) == "0")
        try await server.close()
        #expect(
          await server.rest() == [.received([])] + messages.map { .received($0) } + [
            .ended, .closed,
          ]
        )
      }
    }
  }

  @Test func `nothing comes while a call is held, and all of it after`() async throws {
    let script = Script { call, message in if message == [1] { call.hold() } }
    try await TestServer.run(script) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        for number: UInt8 in 1...3 { try await client.send(RawMessage.prefixed([number]), on: id) }
        try await client.ping()
        let call = try #require(await server.nextCall())
        call.execute { call in call.send { $0.writeBytes([9]) } }
        #expect(await client.message(on: id) == [9])
        call.execute { $0.release() }
        let events: [TestServer.Event] = [.received([1]), .sent, .received([2]), .received([3])]
        for event in events { #expect(await server.nextEvent() == event) }
      }
    }
  }

  @Test func `many calls on one connection do not mix`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        var ids = [try await client.open(TestServer.path)]
        for _ in 2...300 { ids.append(try await client.open(TestServer.path)) }
        for round: UInt8 in 1...3 {
          for (number, id) in ids.enumerated() {
            let message = [round, UInt8(truncatingIfNeeded: number), UInt8(number >> 8)]
            client.push(RawMessage.prefixed(message), on: id, endStream: round == 3)
          }
        }
        for (number, id) in ids.enumerated() {
          for round: UInt8 in 1...3 {
            let message = [round, UInt8(truncatingIfNeeded: number), UInt8(number >> 8)]
            #expect(await client.message(on: id) == message)
          }
          #expect(await client.status(of: id) == "0")
        }
      }
    }
  }
}
