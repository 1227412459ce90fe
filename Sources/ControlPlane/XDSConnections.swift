import NIOCore
import Synchronization

/// The open connections of proxies.
final class XDSConnections: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isQuiescing = false
  }

  private let state = Mutex(State())

  /// Notes a connection until it is closed; closes it if the others are told to end already.
  ///
  /// A connection may be accepted before the port closes, and be set up only after.
  func add(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    let isLate = state.withLock { state in
      state.channels[id] = channel
      return state.isQuiescing
    }
    channel.closeFuture.whenComplete { [weak self] _ in
      self?.state.withLock { _ = $0.channels.removeValue(forKey: id) }
    }
    if isLate { channel.close(promise: nil) }
  }

  /// Tells all clients to begin no more calls, and closes each connection after its last.
  func quiesce() {
    let channels = state.withLock { state in
      state.isQuiescing = true
      return Array(state.channels.values)
    }
    for channel in channels {
      channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
  }

  /// Closes all connections, those of clients that do not answer included.
  func cut() { for channel in all { channel.close(promise: nil) } }

  /// Waits until those that are open now have been closed.
  func closed() async { for channel in all { try? await channel.closeFuture.get() } }

  private var all: [any Channel] { state.withLock { Array($0.channels.values) } }
}
