import NIOCore
import NIOPosix

/// A port of the loopback address at which nobody listens, for programs that must be told one.
enum FreePort {
  static func find() async throws -> Int {
    for _ in 0..<100 {
      // Below the range that the system takes for outgoing connections.
      let port = Int.random(in: 20_000..<32_000)
      let bound = try? await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .bind(host: "127.0.0.1", port: port).get()
      guard let bound else { continue }
      try await bound.close()
      return port
    }
    throw NoFreePort()
  }
}

struct NoFreePort: Error, CustomStringConvertible {
  var description: String { "No free port was found between 20000 and 32000." }
}
