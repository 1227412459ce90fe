import EventLoopGRPC
import NIOCore
import NIOPosix
import Synchronization

/// What the method of a test does with a call.
struct Script: Sendable {
  /// Answers with what was asked, and ends with the client.
  static let echo = Script { call, message in call.send { $0.writeBytes(message) } }

  /// Answers nothing, and ends with the client.
  static let silence = Script { _, _ in }

  var received: @Sendable (GRPCCall, [UInt8]) throws(GRPCStatus) -> Void
  var ended: @Sendable (GRPCCall) -> Void = { $0.finish() }
}

/// A port of this machine on which one method is served.
struct TestServer: Sendable {
  enum Event: Hashable, Sendable {
    case received([UInt8])
    case ended, sent, closed
  }

  static let path = "/test.Service/Method"

  let port: Int
  /// What the calls' handlers were told, in order.
  let events: AsyncStream<Event>
  /// The calls, as they begin.
  let calls: AsyncStream<NIOLoopBound<GRPCCall>>
  private let log: AsyncStream<Event>.Continuation
  private let listener: any Channel
  private let connections: Connections

  private init(_ script: Script, messageLimit: Int) async throws {
    let (events, log) = AsyncStream.makeStream(of: Event.self)
    let (calls, opened) = AsyncStream.makeStream(of: NIOLoopBound<GRPCCall>.self)
    let method: GRPCMethod = { call in
      opened.yield(NIOLoopBound(call, eventLoop: call.eventLoop))
      return ScriptedHandler(call, script, log)
    }
    let connections = Connections()
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        connections.channels.withLock { $0.append(channel) }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addGRPC(
            [Self.path: method],
            messageLimit: messageLimit
          )
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = listener.localAddress?.port ?? 0
    (self.events, self.log, self.calls, self.connections) = (events, log, calls, connections)
  }

  /// Serves while `body` runs.
  static func run<Result>(
    _ script: Script = .echo,
    messageLimit: Int = 64 << 20,
    _ body: (TestServer) async throws -> Result
  ) async throws -> Result {
    let server = try await TestServer(script, messageLimit: messageLimit)
    do {
      let result = try await body(server)
      try await server.close()
      return result
    } catch {
      try await server.close()
      throw error
    }
  }

  /// Stops, waits until every connection is closed, and ends `events`.
  func close() async throws {
    try? await listener.close()
    for channel in connections.channels.withLock(\.self) {
      channel.close(promise: nil)
      try await channel.closeFuture.get()
    }
    log.finish()
  }

  /// Tells all clients to begin no more calls.
  func quiesce() {
    for channel in connections.channels.withLock(\.self) {
      channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
  }

  func nextEvent() async -> Event? {
    for await event in events { return event }
    return nil
  }

  func nextCall() async -> NIOLoopBound<GRPCCall>? {
    for await call in calls { return call }
    return nil
  }

  /// All events that were not asked about, once the server is closed.
  func rest() async -> [Event] { await events.reduce(into: []) { $0.append($1) } }

  private final class Connections: Sendable {
    let channels = Mutex<[any Channel]>([])
  }
}

final class ScriptedHandler: GRPCCallHandler {
  private let call: GRPCCall
  private let script: Script
  private let events: AsyncStream<TestServer.Event>.Continuation

  init(
    _ call: GRPCCall,
    _ script: Script,
    _ events: AsyncStream<TestServer.Event>.Continuation
  ) {
    self.call = call
    self.script = script
    self.events = events
  }

  func receive(_ message: ByteBuffer) throws(GRPCStatus) {
    let bytes = Array(message.readableBytesView)
    events.yield(.received(bytes))
    try script.received(call, bytes)
  }

  func receiveEnd() {
    events.yield(.ended)
    script.ended(call)
  }

  func sent() { events.yield(.sent) }

  func closed() { events.yield(.closed) }
}

extension NIOLoopBound<GRPCCall> {
  /// Does something to the call, on its event loop.
  func execute(_ body: @escaping @Sendable (GRPCCall) -> Void) {
    eventLoop.execute { body(self.value) }
  }
}
