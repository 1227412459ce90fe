import ServiceLifecycle

/// Runs something that ends on graceful shutdown, but cancels it if it has not ended that long
/// after: a client that sends half a request would keep it for ever.
///
/// - Throws: What the body throws, unless it was cancelled for that reason.
func withGracePeriod(
  _ period: Duration,
  _ body: @escaping @Sendable () async throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: Bool.self) { group in
    group.addTask {
      try await body()
      return true
    }
    group.addTask {
      try await gracefulShutdown()
      try await Task.sleep(for: period)
      return false
    }
    let hasEnded = try await group.next() ?? true
    group.cancelAll()
    // The one cancelled may well throw for it.
    if hasEnded { return }
    _ = await group.nextResult()
  }
}
