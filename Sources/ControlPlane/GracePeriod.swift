import ServiceLifecycle

/// Runs something that ends on graceful shutdown, but cancels it if it has not ended that long
/// after: a client that sends half a request would keep it for ever.
///
/// `onExpiry` is called then, for what does not heed cancellation.
///
/// - Throws: What the body throws, unless it was cancelled for that reason.
func withGracePeriod(
  _ period: Duration,
  onExpiry: @Sendable () -> Void = {},
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
    if !hasEnded { onExpiry() }
    // The one cancelled may well throw for it.
    if hasEnded { return }
    _ = await group.nextResult()
  }
}
