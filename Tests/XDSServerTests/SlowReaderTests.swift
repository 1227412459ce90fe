import GRPCCore
import Logging
import Snapshots
import Testing
import XDSSession

@testable import XDSServer

@Suite(.timeLimit(.minutes(1)))
struct SlowReaderTests {
  let board = SnapshotBoard()
  let mailbox = Mailbox()
  let requests = AsyncThrowingStream.makeStream(of: ProxyRequest.self)

  init() {
    post(1)
    requests.continuation.yield(
      ProxyRequest(
        node: ProxyNode(id: "n", fleet: "", version: ""),
        request: Request(ResourceType.cluster.url, .change())
      )
    )
  }

  func post(_ revision: Int) {
    var snapshot = Snapshot(revision: revision)
    snapshot[.cluster].insert(cluster("a", "\(revision)"))
    board.post(FleetSnapshots(others: snapshot), changed: nil)
  }

  /// Runs a stream; `body` is told of each write and may let it go.
  func run(
    patience: Duration,
    _ body: @escaping @Sendable (_ write: Int, _ release: () -> Void) -> Void
  ) async throws {
    let writer = HeldWriter()
    let pump = StreamPump(
      dialect: .delta,
      board: board,
      proxies: ProxyBoard(),
      mailbox: mailbox,
      writer: RPCWriter(wrapping: writer),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      patience: patience
    )
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask {
        var count = 0
        for await _ in writer.writes.stream {
          count += 1
          body(count) { writer.releases.continuation.yield() }
        }
      }
      defer { writer.writes.continuation.finish() }
      try await pump.run(RPCAsyncSequence(wrapping: requests.stream))
    }
  }

  @Test func `X24: a stream is cut when its client does not read and newer content waits`() async {
    let error = await #expect(throws: RPCError.self) {
      try await run(patience: .zero) { _, _ in post(2) }
    }
    #expect(error?.code == .resourceExhausted)
    #expect(mailbox.isStalled)
  }

  @Test func `content that waited before the write began counts as newer`() async {
    let error = await #expect(throws: RPCError.self) {
      try await run(patience: .zero) { write, release in
        // The second write is then about the former request, and the posting still waits.
        if write == 1 {
          requests.continuation.yield(
            ProxyRequest(
              node: nil,
              request: Request(ResourceType.cluster.url, .change(subscribe: ["b"]))
            )
          )
          post(2)
          release()
        }
      }
    }
    #expect(error?.code == .resourceExhausted)
  }

  @Test func `a client that reads late is not cut, and gets the newest`() async throws {
    try await run(patience: .seconds(3600)) { write, release in
      if write == 1 { for revision in 2...50 { post(revision) } }
      if write == 2 { requests.continuation.finish() }
      release()
      // It is cut for nothing that came before it was read.
    }
    #expect(!mailbox.isStalled)
  }

  @Test func `a client that does not read is not cut while nothing newer waits`() async {
    let error = await #expect(throws: RPCError.self) {
      try await run(patience: .zero) { _, _ in mailbox.end(.drained) }
    }
    #expect(error?.code == .unavailable)
    #expect(!mailbox.isStalled)
  }
}

/// A writer whose every write waits for its release.
struct HeldWriter: RPCWriterProtocol {
  /// Yields when a write begins.
  let writes = AsyncStream.makeStream(of: Void.self)
  let releases = AsyncStream.makeStream(of: Void.self)

  func write(_ message: [UInt8]) async throws { try await write(contentsOf: [message]) }

  func write(contentsOf messages: some Sequence<[UInt8]>) async throws {
    writes.continuation.yield()
    for await _ in releases.stream { return }
    throw CancellationError()
  }
}
