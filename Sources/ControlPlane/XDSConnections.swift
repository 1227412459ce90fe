import NIOCore
import Synchronization

/// The open connections of proxies, so that one can be closed by the name that its streams know.
final class XDSConnections: Sendable {
  private let channels = Mutex<[String: any Channel]>([:])

  /// Notes a connection until it is closed.
  func add(_ channel: any Channel) {
    guard let peer = channel.remoteAddress?.peerName else { return }
    channels.withLock { $0[peer] = channel }
    channel.closeFuture.whenComplete { [weak self] _ in self?.remove(channel, peer) }
  }

  /// Closes the connection of a client, as gRPC names it, with all that still waits to be sent.
  func cut(_ peer: String) { channels.withLock { $0[peer] }?.close(promise: nil) }

  /// Closes all connections, those of clients that do not answer included.
  func cutAll() {
    for channel in channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
  }

  private func remove(_ channel: any Channel, _ peer: String) {
    channels.withLock { channels in
      if channels[peer] === channel { channels[peer] = nil }
    }
  }
}

extension SocketAddress {
  /// Source: `ServerContext.remotePeer`.
  fileprivate var peerName: String? {
    switch self {
    case .v4: ipAddress.flatMap { host in port.map { "ipv4:\(host):\($0)" } }
    case .v6: ipAddress.flatMap { host in port.map { "ipv6:[\(host)]:\($0)" } }
    case .unixDomainSocket: nil
    }
  }
}
