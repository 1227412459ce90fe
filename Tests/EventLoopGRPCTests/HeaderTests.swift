import EventLoopGRPC
import NIOHPACK
import NIOHTTP2
import RawHTTP2
import Testing

@Suite(.timeLimit(.minutes(2)))
struct HeaderTests {
  /// The whole answer to a call with such a head.
  func answer(
    _ changes: [String: String?] = [:],
    path: String = TestServer.path,
    script: Script = .echo
  ) async throws -> HPACKHeaders? {
    try await TestServer.run(script) { server in
      try await RawClient.with(port: server.port) { client in
        await client.end(of: try await client.open(path, changes))
      }
    }
  }

  @Test(arguments: ["GET", "PUT", "OPTIONS"])
  func `only POST is a call`(method: String) async throws {
    #expect(try await answer([":method": method]) == [":status": "405", "allow": "POST"])
  }

  @Test(arguments: [
    nil, "", "application/json", "text/application/grpc", "application/grpc-web",
    "application/grpcx", "application/grpc-web+proto",
  ])
  func `what is not of gRPC is answered with 415`(type: String?) async throws {
    #expect(try await answer(["content-type": type]) == [":status": "415"])
  }

  @Test(arguments: [
    "application/grpc", "application/grpc+proto", "application/grpc+x", "application/grpc;v=1",
    "application/grpc ; v=1",
  ])
  func `any subtype of gRPC is taken`(type: String) async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path, ["content-type": type], endStream: true)
        #expect(await client.status(of: id) == "0")
      }
    }
  }

  @Test(arguments: ["gzip", "deflate", "x"])
  func `a call whose messages may be compressed is refused, and told what is not`(
    encoding: String
  ) async throws {
    let answer = try #require(try await answer(["grpc-encoding": encoding]))
    #expect(answer.first(name: ":status") == "200")
    #expect(answer.first(name: "content-type") == "application/grpc")
    #expect(answer.first(name: "grpc-status") == "12")
    #expect(answer.first(name: "grpc-accept-encoding") == "identity")
    #expect(
      answer.first(name: "grpc-message")
        == "Messages may not be compressed by \(encoding), nor by anything else."
    )
  }

  @Test func `the encoding that changes nothing is taken`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path, ["grpc-encoding": "identity"])
        try await client.send(RawMessage.prefixed([1]), on: id)
        #expect(await client.message(on: id) == [1])
      }
    }
  }

  @Test(arguments: ["/test.Service/Other", "/test.Service/Method/", "/", "*", "/é"])
  func `a method that is not there is UNIMPLEMENTED`(path: String) async throws {
    let answer = try #require(try await answer(path: path))
    #expect(answer.first(name: ":status") == "200")
    #expect(answer.first(name: "grpc-status") == "12")
    let shown = path == "/é" ? "/%C3%A9" : path
    #expect(answer.first(name: "grpc-message") == "There is no method \(shown).")
  }

  @Test(arguments: [
    ("plain, ~", "plain, ~"), ("100 %", "100 %25"), ("ö", "%C3%B6"), ("a\nb\u{0}", "a%0Ab%00"),
    ("\u{7f}", "%7F"), ("😀", "%F0%9F%98%80"),
  ])
  func `a status' message is percent-encoded`(message: String, encoded: String) async throws {
    let script = Script(received: { _, _ in }, ended: { $0.finish(GRPCStatus(.notFound, message)) })
    try await TestServer.run(script) { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path, endStream: true)
        let end = try #require(await client.end(of: id))
        #expect(end.first(name: "grpc-status") == "5")
        #expect(end.first(name: "grpc-message") == encoded)
      }
    }
  }

  @Test func `an answer has a head before its messages, and its status after them`() async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let id = try await client.open(TestServer.path)
        try await client.send(RawMessage.prefixed([1]), on: id, endStream: true)
        let head = await client.nextHead(on: id)
        #expect(head == [":status": "200", "content-type": "application/grpc"])
        #expect(await client.message(on: id) == [1])
        #expect(await client.end(of: id) == ["grpc-status": "0"])
      }
    }
  }

  @Test(arguments: [[":method": "GET"], ["content-type": "text/plain"], ["grpc-encoding": "gzip"]])
  func `whoever is refused need say no more, and what was said is no harm`(
    changes: [String: String]
  ) async throws {
    try await TestServer.run { server in
      try await RawClient.with(port: server.port) { client in
        let refused = try await client.open(TestServer.path, changes.mapValues { $0 })
        _ = await client.end(of: refused)
        #expect(await client.nextReset(on: refused) == .noError)
        let data = RawFrame.data([1, 2, 3], endStream: true, on: Int(refused))
        try await client.send(raw: data)
        let id = try await client.open(TestServer.path, endStream: true)
        #expect(await client.status(of: id) == "0")
      }
    }
  }
}
