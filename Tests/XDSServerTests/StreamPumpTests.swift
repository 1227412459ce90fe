import GRPCCore
import Logging
import Snapshots
import Synchronization
import Testing
import XDSSession

@testable import XDSServer

@Suite(.timeLimit(.minutes(1)))
struct StreamPumpTests {
  let board = SnapshotBoard()
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  let requests = AsyncThrowingStream.makeStream(of: ProxyRequest.self)

  func pump(into writer: some RPCWriterProtocol<[UInt8]>, _ mailbox: Mailbox) -> StreamPump {
    StreamPump(
      dialect: .delta,
      board: board,
      proxies: ProxyBoard(),
      mailbox: mailbox,
      writer: RPCWriter(wrapping: writer),
      logger: logger
    )
  }

  func request(_ name: String) -> ProxyRequest {
    ProxyRequest(
      node: ProxyNode(id: "n", fleet: "", version: ""),
      request: Request(ResourceType.endpoints.url, .change(subscribe: [name]))
    )
  }

  @Test func `X27: draining ends a stream whose client has stopped reading`() async {
    board.post(FleetSnapshots(others: Snapshot(revision: 1)), changed: nil)
    let (writer, mailbox) = (BlockedWriter(), Mailbox())
    requests.continuation.yield(request("a"))
    let error = await #expect(throws: RPCError.self) {
      try await withThrowingDiscardingTaskGroup { group in
        group.addTask {
          for await _ in writer.writes.stream { mailbox.end(.drained) }
        }
        defer { writer.writes.continuation.finish() }
        try await pump(into: writer, mailbox).run(RPCAsyncSequence(wrapping: requests.stream))
      }
    }
    #expect(error?.code == .unavailable)
  }

  @Test func `each request of many streams is answered once while revisions are posted`()
    async throws
  {
    let names = (1...20).map { "\($0)" }
    try await withThrowingDiscardingTaskGroup { group in
      for _ in 1...1000 {
        group.addTask {
          let (stream, requests) = AsyncThrowingStream.makeStream(of: ProxyRequest.self)
          for name in names { requests.yield(request(name)) }
          let writer = CountingWriter { if $0 == names.count { requests.finish() } }
          try await pump(into: writer, Mailbox()).run(RPCAsyncSequence(wrapping: stream))
          #expect(writer.count == names.count)
        }
      }
      // Later postings would wake a stream that has missed a request.
      for revision in 1...5 {
        board.post(FleetSnapshots(others: Snapshot(revision: revision)), changed: [])
        await Task.yield()
      }
    }
  }
}

/// A writer that waits until its task is cancelled.
struct BlockedWriter: RPCWriterProtocol {
  /// Yields when a write begins.
  let writes = AsyncStream.makeStream(of: Void.self)
  private let never = AsyncStream.makeStream(of: Never.self)

  func write(_ message: [UInt8]) async throws { try await write(contentsOf: [message]) }

  func write(contentsOf messages: some Sequence<[UInt8]>) async throws {
    writes.continuation.yield()
    for await _ in never.stream {}
    throw CancellationError()
  }
}

final class CountingWriter: RPCWriterProtocol {
  private let written = Mutex(0)
  private let onCount: @Sendable (Int) -> Void

  init(onCount: @escaping @Sendable (Int) -> Void) { self.onCount = onCount }

  var count: Int { written.withLock { $0 } }

  func write(_ message: [UInt8]) async throws { try await write(contentsOf: [message]) }

  func write(contentsOf messages: some Sequence<[UInt8]>) async throws {
    for _ in messages {
      onCount(
        written.withLock {
          $0 += 1
          return $0
        }
      )
    }
  }
}
