import Model
import Store

extension Change {
  /// What was done to each object, sorted by key.
  var json: [JSONValue] {
    edits.sorted { $0.key < $1.key }
      .map { ObjectChange(key: $0, before: $1.before?.json, after: $1.after?.json).summary }
  }
}

/// What a revision did to one object.
struct ObjectChange {
  var key: ObjectKey
  /// nil is absent.
  var before: JSONValue?
  var after: JSONValue?

  private var operation: String {
    if before == nil { return "added" }
    return after == nil ? "removed" : "changed"
  }

  /// Which object, and what happened to it.
  var summary: JSONValue {
    [
      "kind": .string("\(key.kind)"),
      "name": .string(key.name),
      "op": .string(operation),
    ]
  }

  /// The summary with the object before and after; null is absent.
  var json: JSONValue {
    guard case .object(var members) = summary else { return summary }
    members["before"] = before ?? .null
    members["after"] = after ?? .null
    return .object(members)
  }
}
