/// The steps that make one JSON value of another.
///
/// Source: RFC 6902, "JavaScript Object Notation (JSON) Patch".
package struct JSONPatch: Hashable, Sendable {
  /// One step; its path is a JSON pointer into the value as the steps before have left it.
  package enum Operation: Hashable, Sendable {
    case add(path: String, JSONValue)
    case remove(path: String)
    case replace(path: String, JSONValue)
  }

  package private(set) var operations: [Operation] = []

  package var isEmpty: Bool { operations.isEmpty }

  /// The steps from one value to the other, nil being absent; none if they are equal.
  ///
  /// Members are compared by name, elements by their place between what both arrays begin and end
  /// with. Costs the size of the values.
  package init(from before: JSONValue?, to after: JSONValue?) {
    switch (before, after) {
    case (nil, nil): break
    case (nil, let after?): operations = [.add(path: "", after)]
    case (_?, nil): operations = [.remove(path: "")]
    case (let before?, let after?): compare(before, after, at: "")
    }
  }

  private mutating func compare(_ before: JSONValue, _ after: JSONValue, at path: String) {
    if before == after { return }
    switch (before, after) {
    case (.object(let before), .object(let after)): compare(before, after, at: path)
    case (.array(let before), .array(let after)): compare(before, after, at: path)
    default: operations.append(.replace(path: path, after))
    }
  }

  private mutating func compare(
    _ before: [String: JSONValue],
    _ after: [String: JSONValue],
    at path: String
  ) {
    for name in Set(before.keys).union(after.keys).sorted() {
      let path = JSONPointer.join(path, name)
      switch (before[name], after[name]) {
      case (let before?, let after?): compare(before, after, at: path)
      case (nil, let after?): operations.append(.add(path: path, after))
      case (_, nil): operations.append(.remove(path: path))
      }
    }
  }

  private mutating func compare(_ before: [JSONValue], _ after: [JSONValue], at path: String) {
    let shorter = min(before.count, after.count)
    let head = zip(before, after).prefix { $0 == $1 }.count
    let tail = min(
      zip(before.reversed(), after.reversed()).prefix { $0 == $1 }.count,
      shorter - head
    )
    let paired = shorter - tail
    for index in head..<paired { compare(before[index], after[index], at: "\(path)/\(index)") }
    for index in (paired..<before.count - tail).reversed() {
      operations.append(.remove(path: "\(path)/\(index)"))
    }
    for index in paired..<after.count - tail {
      operations.append(.add(path: "\(path)/\(index)", after[index]))
    }
  }
}

extension JSONPatch {
  /// The patch as RFC 6902 writes it: an array of operations.
  package var json: JSONValue { .array(operations.map(\.json)) }
}

extension JSONPatch.Operation {
  fileprivate var json: JSONValue {
    switch self {
    case .add(let path, let value): ["op": "add", "path": .string(path), "value": value]
    case .remove(let path): ["op": "remove", "path": .string(path)]
    case .replace(let path, let value): ["op": "replace", "path": .string(path), "value": value]
    }
  }
}
