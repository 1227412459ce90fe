import NIOCore
import Synchronization

/// The open connections of proxies.
final class XDSConnections: Sendable {
  private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

  /// Notes a connection until it is closed.
  func add(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    channels.withLock { $0[id] = channel }
    channel.closeFuture.whenComplete { [weak self] _ in
      self?.channels.withLock { _ = $0.removeValue(forKey: id) }
    }
  }

  /// Tells all clients to begin no more calls, and closes each connection after its last.
  func quiesce() {
    for channel in all {
      channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
  }

  /// Closes all connections, those of clients that do not answer included.
  func cut() { for channel in all { channel.close(promise: nil) } }

  /// Waits until those that are open now have been closed.
  func closed() async { for channel in all { try? await channel.closeFuture.get() } }

  private var all: [any Channel] { channels.withLock { Array($0.values) } }
}
