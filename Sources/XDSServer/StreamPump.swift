import GRPCCore
import Logging
import Snapshots
import XDSSession

/// Moves what happens to one stream into its session, and what the session says onto the wire.
struct StreamPump: Sendable {
  let dialect: Dialect
  /// Whether the stream may speak of all types.
  var isAggregated = true
  let board: SnapshotBoard
  let proxies: ProxyBoard
  let mailbox: Mailbox
  let writer: RPCWriter<[UInt8]>
  let logger: Logger
  var metrics = StreamMetrics()
  /// How long a client may leave a response unread while newer content waits.
  var patience = Duration.seconds(60)

  /// Runs until the client or the server ends the stream.
  func run(_ requests: RPCAsyncSequence<ProxyRequest, any Error>) async throws {
    let reader = board.addReader { [mailbox] in mailbox.putPosting() }
    defer { board.removeReader(reader) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await exchange(requests) }
      // The end of the server must also reach a write that waits for a client to read.
      group.addTask {
        await mailbox.drained()
        throw RPCError.draining
      }
      group.addTask {
        try await mailbox.stalled(for: patience)
        throw RPCError(
          code: .resourceExhausted,
          message: "The client does not read what it is sent, and newer content waits."
        )
      }
      try await group.next()
    }
  }

  private func exchange(_ requests: RPCAsyncSequence<ProxyRequest, any Error>) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await read(requests) }
      defer { group.cancelAll() }
      try await pump(&group)
    }
  }

  private func read(_ requests: RPCAsyncSequence<ProxyRequest, any Error>) async {
    var taken = mailbox.requestsTaken.makeAsyncIterator()
    do {
      for try await request in requests {
        mailbox.put(request)
        await taken.next()
      }
      mailbox.end(.closed)
    } catch {
      mailbox.end(.failed(error))
    }
  }

  private func pump(_ group: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
    guard let first = try await firstRequest() else { return }
    let node = try Self.node(of: first)
    guard let view = try await firstView(of: node.fleet, for: first.request) else { return }
    var stream = ProxyStream(
      Session(dialect, view: view, isAggregated: isAggregated),
      speaking: dialect,
      node: node,
      posting: view.posting,
      proxies: proxies,
      logger: logger
    )
    metrics.opened(dialect)
    defer {
      stream.close(isStalled: mailbox.isStalled)
      metrics.closed(dialect)
    }
    var event: Session.Event? = .request(first.request)
    while let next = event {
      let output = stream.handle(next)
      metrics.note(output)
      start(output.timers, &group)
      try await write(output.responses)
      if let excess = output.excess { throw RPCError(excess) }
      event = try await nextEvent(for: stream)
    }
  }

  private static func node(of first: ProxyRequest) throws -> ProxyNode {
    guard let node = first.node, !node.id.isEmpty else {
      throw RPCError(
        code: .invalidArgument,
        message: "The first request of a stream must have a node.id."
      )
    }
    // They stand in paths of the API, in the log and in the database.
    guard node.id.utf8.count <= ProxyNode.longest, node.fleet.utf8.count <= ProxyNode.longest else {
      throw RPCError(
        code: .invalidArgument,
        message: "node.id and node.cluster may have at most \(ProxyNode.longest) bytes."
      )
    }
    return node
  }

  private func start(_ timers: [Timer], _ group: inout ThrowingDiscardingTaskGroup<any Error>) {
    for timer in timers {
      group.addTask {
        do { try await Task.sleep(for: timer.delay) } catch { return }
        mailbox.put(timer)
      }
    }
  }

  private func write(_ responses: [Response]) async throws {
    guard !responses.isEmpty else { return }
    let messages = responses.map { $0.encoded(in: dialect) }
    try await mailbox.whileWriting(messages.reduce(0) { $0 + $1.count }) {
      try await writer.write(contentsOf: messages)
    }
    metrics.sent(responses, as: messages, in: dialect)
  }
}

// Waiting. Each returns nil when the client has finished.
extension StreamPump {
  private func firstRequest() async throws -> ProxyRequest? {
    while true {
      switch await mailbox.next() {
      case .request(let request): return request
      case .posting, .timer: continue
      case .end(let end): return try finish(end)
      }
    }
  }

  /// What is on the board, once there is enough to answer a request.
  private func firstView(of fleet: String, for request: Request) async throws
    -> SnapshotBoard.View?
  {
    while true {
      if let view = board.view(of: fleet, since: 0), request.isAnswerable(from: view) {
        return view
      }
      if case .end(let end) = await mailbox.next(takingRequests: false) { return try finish(end) }
    }
  }

  private func nextEvent(for stream: ProxyStream) async throws -> Session.Event? {
    while true {
      switch await mailbox.next() {
      case .request(let request): return .request(request.request)
      case .timer(let timer): return .timer(timer)
      case .posting:
        let view = board.view(of: stream.node.fleet, since: stream.posting)
        if let view, view.posting > stream.posting { return .view(view) }
      case .end(let end): return try finish(end)
      }
    }
  }

  private func finish<Value>(_ end: Mailbox.End) throws -> Value? {
    switch end {
    case .closed: return nil
    case .drained: throw RPCError.draining
    case .failed(let error): throw error
    }
  }
}

extension Request {
  /// Whether all is on the board that is needed to know what the client has.
  ///
  /// In state of the world it names a version, of which only the newest is always known.
  fileprivate func isAnswerable(from view: SnapshotBoard.View) -> Bool {
    guard !view.former.isComplete, case .whole(_, let version) = want, !version.isEmpty else {
      return true
    }
    guard let type = ResourceType(url: typeURL) else { return true }
    return type.isWholeInStateOfTheWorld && version == "\(view.snapshot[type].fingerprint)"
  }
}

extension RPCError {
  fileprivate init(_ excess: Excess) {
    let message =
      switch excess {
      case .types: "The stream asks for too many types of resources."
      case .unansweredResponses: "The stream has too many responses that were not answered."
      }
    self.init(code: .resourceExhausted, message: message)
  }
}
