import NIOCore
import NIOPosix
import Synchronization

@testable import XDSServer

/// A port of this machine on which the services are served.
final class Loopback: Sendable {
  let port: Int
  private let listener: any Channel
  private let connections: Connections

  init(_ services: XDSServices) async throws {
    let connections = Connections()
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 4096)
      .childChannelInitializer { channel in
        connections.channels.withLock { $0.append(channel) }
        return channel.eventLoop.makeCompletedFuture { try services.serve(on: channel) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = listener.localAddress?.port ?? 0
    self.connections = connections
  }

  /// Closes the port, and waits until every connection is closed.
  func close() async throws {
    try await listener.close()
    for channel in connections.channels.withLock(\.self) {
      channel.close(promise: nil)
      try await channel.closeFuture.get()
    }
  }

  private final class Connections: Sendable {
    let channels = Mutex<[any Channel]>([])
  }
}
