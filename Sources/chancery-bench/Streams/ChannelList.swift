import NIOCore
import Synchronization

/// Open connections.
final class ChannelList: Sendable {
  private let channels = Mutex<[any Channel]>([])

  func add(_ channel: any Channel) { channels.withLock { $0.append(channel) } }

  func closeAll() {
    for channel in channels.withLock({ $0 }) { channel.close(promise: nil) }
  }
}
