import NIOCore
import Synchronization

/// Requests that no change should disturb, for as long as a body runs.
final class SteadyRequests: Sendable {
  private let counts = Mutex((all: 0, failed: 0))
  private let port: Int
  private let host: String

  init(port: Int, host: String) {
    self.port = port
    self.host = host
  }

  /// How many were answered, or failed, up to now.
  var count: (all: Int, failed: Int) { counts.withLock { $0 } }

  /// Has so many clients ask, each again a while after it was answered.
  func during<Value: Sendable>(
    clients: Int,
    pause: Duration = .milliseconds(5),
    _ body: () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<clients { group.addTask { try await self.ask(pause) } }
      defer { group.cancelAll() }
      return try await body()
    }
  }

  private func ask(_ pause: Duration) async throws {
    let gateway = GatewayClient(port: port)
    while !Task.isCancelled {
      // A request that is on its way ends whatever becomes of this task.
      let asked = Task { try await gateway.status(host, "/") }
      let isServed = (try? await asked.value) == 200
      counts.withLock { $0 = ($0.all + 1, $0.failed + (isServed ? 0 : 1)) }
      try? await Task.sleep(for: pause)
    }
    try await gateway.close()
  }
}
