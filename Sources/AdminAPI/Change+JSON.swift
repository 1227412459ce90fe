import Model
import Store

extension Change {
  /// What was done to each object, sorted by key.
  var objects: [ObjectChange] {
    edits.sorted { $0.key < $1.key }
      .map { ObjectChange(key: $0, before: $1.before?.json, after: $1.after?.json) }
  }
}

/// What was done to one object.
struct ObjectChange {
  var key: ObjectKey
  /// nil is absent.
  var before: JSONValue?
  var after: JSONValue?

  /// In a word.
  var operation: String {
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

  /// The summary with the steps from the object before to the one after (RFC 6902).
  var withPatch: JSONValue { summary.merging(["patch": patch]) }

  var patch: JSONValue { JSONPatch(from: before, to: after).json }

  /// The summary with the object before and after; null is absent.
  var json: JSONValue {
    guard case .object(var members) = summary else { return summary }
    members["before"] = before ?? .null
    members["after"] = after ?? .null
    return .object(members)
  }
}

extension ObjectChange {
  init(_ entry: RevisionDetail.Entry) {
    self.init(key: entry.key, before: entry.before, after: entry.after)
  }
}
