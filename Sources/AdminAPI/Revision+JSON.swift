import Model
import Store

extension Revision {
  /// All that is known without its changes; what does not apply is null.
  fileprivate var members: [String: JSONValue] {
    let rollbackOf: JSONValue =
      if case .rollback(let number) = kind { .integer(Int64(number)) } else { .null }
    return [
      "number": .integer(Int64(number)),
      "parent": parent.map { .integer(Int64($0)) } ?? .null,
      "time": .string(at),
      "author": .string(author),
      "message": message.map { .string($0) } ?? .null,
      "kind": .string(kind.name),
      "rollback_of": rollbackOf,
      "errors": .array(faults.map(\.json)),
    ]
  }
}

extension Revision.Kind {
  fileprivate var name: String {
    switch self {
    case .change: "change"
    case .rollback: "rollback"
    case .direct: "direct"
    case .repair: "repair"
    }
  }
}

extension RevisionSummary {
  /// The revision, and how many objects it added, changed and removed.
  var json: JSONValue {
    var members = revision.members
    members["counts"] = counts.json
    return .object(members)
  }
}

extension RevisionSummary.Counts {
  fileprivate var json: JSONValue {
    [
      "added": .integer(Int64(added)),
      "changed": .integer(Int64(changed)),
      "removed": .integer(Int64(removed)),
    ]
  }
}

extension Revision {
  /// The revision with what a write did to make it.
  func json(with change: Change) -> JSONValue {
    var members = members
    members["changes"] = .array(change.objects.map(\.json))
    return .object(members)
  }
}

extension RevisionDetail {
  /// The revision, and each object that it touched before and after.
  var json: JSONValue {
    var members = revision.members
    members["changes"] = .array(
      entries.map { ObjectChange($0).json }
    )
    return .object(members)
  }
}

extension ObjectRevision {
  /// The revision, and what it did to the object.
  var json: JSONValue {
    var members = revision.members
    let change = ObjectChange(entry)
    members["op"] = .string(change.operation)
    members["patch"] = change.patch
    return .object(members)
  }
}

extension Fault {
  fileprivate var json: JSONValue {
    ["pointer": .string(pointer), "code": .string(code.rawValue), "detail": .string(detail)]
  }
}
