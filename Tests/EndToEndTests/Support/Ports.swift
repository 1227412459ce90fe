import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Hands out ports of the loopback address that nobody listens on.
enum Ports {
  // Below the range that the system takes for outgoing connections.
  private static let last = Mutex(Int.random(in: 20_000..<30_000))

  static func free() async throws -> Int {
    while true {
      let port = last.withLock { last in
        last = last < 32_000 ? last + 1 : 20_000
        return last
      }
      let bound = try? await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .bind(host: "0.0.0.0", port: port).get()
      guard let bound else { continue }
      try await bound.close()
      return port
    }
  }
}
