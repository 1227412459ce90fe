import Synchronization
import XDSSession

/// What has happened to one stream and was not seen to yet.
///
/// It holds at most one request, as the next is read only when that was taken, and of any number of
/// postings only that there were some: a slow stream costs no memory.
final class Mailbox: Sendable {
  enum Item: Sendable {
    case request(ProxyRequest)
    case posting
    case timer(Timer)
    /// The last item, repeated for ever.
    case end(End)
  }

  enum End: Sendable {
    /// The client has finished.
    case closed
    /// The server stops.
    case drained
    case failed(any Error)
  }

  struct State {
    fileprivate var request: ProxyRequest?
    fileprivate(set) var isPosted = false
    fileprivate var timers: [Timer] = []
    fileprivate var end: End?
    var writing = Writing()
  }

  let state = Mutex(State())
  /// Yields, to one reader, when there may be something to take.
  private let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation
  /// Yields, to the one who puts them, when a request was taken.
  let requestsTaken: AsyncStream<Void>
  private let requestTaken: AsyncStream<Void>.Continuation
  /// Finishes when the server stops.
  private let drains: AsyncStream<Never>
  private let drain: AsyncStream<Never>.Continuation
  /// Yields the number of each write that something newer waits for.
  let overtaken: AsyncStream<Int>
  let overtaking: AsyncStream<Int>.Continuation

  init() {
    (overtaken, overtaking) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    (drains, drain) = AsyncStream.makeStream()
    (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    (requestsTaken, requestTaken) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func put(_ request: ProxyRequest) {
    state.withLock { $0.request = request }
    signal.yield()
  }

  func putPosting() {
    let overtakenWrite = state.withLock { state in
      state.isPosted = true
      return state.writing.current
    }
    if let overtakenWrite { overtaking.yield(overtakenWrite) }
    signal.yield()
  }

  func put(_ timer: Timer) {
    state.withLock { $0.timers.append(timer) }
    signal.yield()
  }

  func end(_ end: End) {
    state.withLock { $0.end = $0.end ?? end }
    signal.yield()
    if case .drained = end { drain.finish() }
  }

  /// Waits until the server stops, or the task is cancelled.
  func drained() async { for await _ in drains {} }

  /// Waits for the next item.
  ///
  /// An end comes before all else. Without `takingRequests` a request stays where it is.
  func next(takingRequests: Bool = true) async -> Item {
    var signals = signals.makeAsyncIterator()
    while true {
      if let item = state.withLock({ $0.take(requests: takingRequests) }) {
        if case .request = item { requestTaken.yield() }
        return item
      }
      if await signals.next() == nil { return .end(.closed) }
    }
  }
}

extension Mailbox.State {
  fileprivate mutating func take(requests: Bool) -> Mailbox.Item? {
    if let end { return .end(end) }
    if requests, let taken = request {
      request = nil
      return .request(taken)
    }
    if !timers.isEmpty { return .timer(timers.removeFirst()) }
    guard isPosted else { return nil }
    isPosted = false
    return .posting
  }
}
