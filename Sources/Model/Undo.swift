/// Takes one step in a value's past back, and keeps what came after it.
package struct Undo: Sendable {
  /// The value without that step; nil is absent.
  package private(set) var result: JSONValue?
  /// JSON pointers to where a later step stands in the way, sorted; then the result is of no use.
  package private(set) var conflicts: [String] = []

  /// - Parameters:
  ///   - before: The value before the step that is to be undone; nil is absent, here and below.
  ///   - after: The value right after it.
  ///   - now: The value after all later steps.
  package init(from before: JSONValue?, to after: JSONValue?, now: JSONValue?) {
    result = undone(before, after, now, at: "")
    conflicts.sort()
  }

  private mutating func undone(
    _ before: JSONValue?,
    _ after: JSONValue?,
    _ now: JSONValue?,
    at pointer: String
  ) -> JSONValue? {
    if before == after || now == before { return now }
    if now == after { return before }
    guard case .object(let before) = before, case .object(let after) = after,
      case .object(let now) = now
    else {
      conflicts.append(pointer)
      return now
    }
    var members: [String: JSONValue] = [:]
    for name in Set(before.keys).union(after.keys).union(now.keys) {
      let pointer = JSONPointer.join(pointer, name)
      members[name] = undone(before[name], after[name], now[name], at: pointer)
    }
    return .object(members)
  }
}
