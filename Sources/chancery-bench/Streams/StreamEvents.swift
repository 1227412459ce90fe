import NIOCore
import Synchronization

/// What happens on all streams of a fan-out, for who waits for it.
final class StreamEvents: Sendable {
  private struct State {
    var awaited: AwaitedChange?
    var start = ContinuousClock.now
    var times: [Duration] = []
    var done: EventLoopPromise<Void>?
    var failure: (any Error)?
  }

  /// Keeps the messages of a stream; nil for streams that are measured.
  let recording: Recording?
  private let count: Int
  private let state = Mutex(State())
  private let bytes = Atomic<Int>(0)

  init(streams count: Int, recording: Recording? = nil) {
    self.count = count
    self.recording = recording
  }

  /// What came so far on all streams, framing included.
  var byteCount: Int { bytes.load(ordering: .relaxed) }

  var awaited: AwaitedChange? { state.withLock { $0.awaited } }

  func received(_ count: Int) { bytes.add(count, ordering: .relaxed) }

  func initialised() { state.withLock { note(.now - $0.start, &$0) } }

  func arrived(_ change: AwaitedChange) {
    state.withLock { state in
      if state.awaited?.number == change.number { note(.now - state.start, &state) }
    }
  }

  /// Ends all waiting, this and any later.
  func failed(_ error: any Error) {
    state.withLock { state in
      state.failure = state.failure ?? error
      state.done?.fail(error)
    }
  }

  private func note(_ time: Duration, _ state: inout State) {
    state.times.append(time)
    if state.times.count == count { state.done?.succeed() }
  }

  /// Does something, waits until all streams have received what it causes, and tells when each
  /// had, in no order.
  ///
  /// What they are to receive is the change, or, if there is none, everything that they ask for. It
  /// throws what the body throws, `NotReceived`, and what ended a stream.
  func times(
    of change: AwaitedChange?,
    on eventLoop: any EventLoop,
    within limit: Duration,
    _ body: () async throws -> Void
  ) async throws -> [Duration] {
    let done = eventLoop.makePromise(of: Void.self)
    let timeout = eventLoop.scheduleTask(in: TimeAmount(limit)) {
      let missing = self.count - self.state.withLock { $0.times.count }
      done.fail(NotReceived(missing: missing, count: self.count, limit: limit))
    }
    defer { timeout.cancel() }
    state.withLock { state in
      state.awaited = change
      state.times = []
      state.start = .now
      state.done = done
      if let failure = state.failure { done.fail(failure) }
    }
    do { try await body() } catch { done.fail(error) }
    try await done.futureResult.get()
    return state.withLock { state in
      state.awaited = nil
      return state.times
    }
  }
}

/// Streams did not receive something in time.
struct NotReceived: Error, CustomStringConvertible {
  var missing: Int
  var count: Int
  var limit: Duration

  var description: String {
    "\(missing) of \(count) streams did not receive it within \(limit)."
  }
}
