import EventLoopGRPC
import NIOCore
import Synchronization

/// The calls that are to be ended when the server stops.
final class OpenStreams: Sendable {
  struct ID: Hashable {
    fileprivate let number: Int
  }

  private struct State {
    var ends: [Int: @Sendable () -> Void] = [:]
    var last = 0
    var isDrained = false
  }

  private let state = Mutex(State())

  /// Ends a call when the server stops, or soon if it has begun to.
  func add(_ call: GRPCCall) -> ID {
    let bound = NIOLoopBound(call, eventLoop: call.eventLoop)
    return add { bound.eventLoop.execute { bound.value.finish(.draining) } }
  }

  /// Calls a closure when the server stops, or at once if it has begun to.
  func add(_ end: @escaping @Sendable () -> Void) -> ID {
    let (id, isDrained) = state.withLock { state in
      state.last += 1
      state.ends[state.last] = end
      return (ID(number: state.last), state.isDrained)
    }
    if isDrained { end() }
    return id
  }

  func remove(_ id: ID) { state.withLock { _ = $0.ends.removeValue(forKey: id.number) } }

  func drain() {
    let ends = state.withLock { state in
      state.isDrained = true
      return Array(state.ends.values)
    }
    for end in ends { end() }
  }

  var isDrained: Bool { state.withLock { $0.isDrained } }
}

extension GRPCStatus {
  /// What a stream ends with when the server stops: the client is to connect again.
  static let draining = GRPCStatus(.unavailable, "The control plane is stopping.")
}
