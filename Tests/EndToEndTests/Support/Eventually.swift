import Testing

/// Says what was waited for in vain, and what was seen last.
struct NeverHappened: Error, CustomStringConvertible {
  var description: String
}

/// Tries until the attempt returns a value that satisfies the condition; other programs give no
/// signal that could be waited on instead.
@discardableResult
func eventually<Value: Sendable>(
  _ what: String,
  within limit: Duration = .seconds(20),
  _ attempt: () async throws -> Value,
  until isDone: (Value) -> Bool
) async throws -> Value {
  let deadline = ContinuousClock.now + limit
  var last = "nothing"
  while ContinuousClock.now < deadline {
    do {
      let value = try await attempt()
      if isDone(value) { return value }
      last = "\(value)"
    } catch {
      last = "\(error)"
    }
    try await Task.sleep(for: .milliseconds(10))
  }
  throw NeverHappened(description: "\(what): waited \(limit), last seen: \(last)")
}
