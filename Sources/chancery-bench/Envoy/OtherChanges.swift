import Synchronization

/// Changes that go on beside what is measured, of endpoints and routes in turn.
final class OtherChanges: Sendable {
  private let triggers: [any ChangeTrigger]
  private let rate: Int
  private let made = Mutex(0)
  private let isOver = Atomic(false)

  init(_ server: SampleServer, rate: Int) {
    triggers = [
      EndpointTrigger(server), RouteTrigger(server, from: server.document.routes / 2),
    ]
    self.rate = rate
  }

  /// How many were made.
  var count: Int { made.withLock { $0 } }

  /// Makes them until the body has ended; throws what one of the two throws.
  func during<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.change() }
      defer { isOver.store(true, ordering: .relaxed) }
      return try await body()
    }
  }

  private func change() async throws {
    let start = ContinuousClock.now
    while !isOver.load(ordering: .relaxed) {
      let number = count
      // Far from the numbers of the changes that are measured.
      try await triggers[number % triggers.count].send(100_003 + number)
      made.withLock { $0 += 1 }
      try await Task.sleep(until: start + .seconds(1) * (number + 1) / rate)
    }
  }
}
