import GRPCCore
import Synchronization

/// The streams that are to be ended when the server stops.
final class OpenStreams: Sendable {
  private struct State {
    var ends: [Int: @Sendable () -> Void] = [:]
    var last = 0
    var isDrained = false
  }

  private let state = Mutex(State())

  /// Calls a closure when the server stops, or at once if it has begun to.
  func add(_ end: @escaping @Sendable () -> Void) -> Int {
    let (id, isDrained) = state.withLock { state in
      state.last += 1
      state.ends[state.last] = end
      return (state.last, state.isDrained)
    }
    if isDrained { end() }
    return id
  }

  func remove(_ id: Int) { state.withLock { _ = $0.ends.removeValue(forKey: id) } }

  func drain() {
    let ends = state.withLock { state in
      state.isDrained = true
      return Array(state.ends.values)
    }
    for end in ends { end() }
  }

  var isDrained: Bool { state.withLock { $0.isDrained } }

  /// Signals at once, and then whenever the closure's `wake` is called; the last signal comes when
  /// the server stops.
  ///
  /// Runs until the body returns. The signals end when the client has gone.
  func withSignals<Result: Sendable>(
    _ body:
      @Sendable (AsyncStream<Void>, _ wake: @escaping @Sendable () -> Void) async throws ->
      Result
  ) async throws -> Result {
    let (signals, signal) = AsyncStream.makeStream(
      of: Void.self,
      bufferingPolicy: .bufferingNewest(1)
    )
    signal.yield()
    let id = add { signal.yield() }
    defer { remove(id) }
    return try await withRPCCancellationHandler {
      try await body(signals) { signal.yield() }
    } onCancelRPC: {
      signal.finish()
    }
  }
}

extension RPCError {
  /// What a stream ends with when the server stops: the client is to connect again.
  static var draining: RPCError {
    RPCError(code: .unavailable, message: "The control plane is stopping.")
  }
}
