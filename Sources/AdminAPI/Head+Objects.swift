import HashTreeCollections
import Model
import Store

extension Head {
  /// An object as answers show it, with its name and `meta`; nil if there is none.
  func json(of key: ObjectKey) -> JSONValue? {
    document[key]?.json.merging([
      "name": .string(key.name),
      "meta": stamps[key]?.json ?? .null,
    ])
  }

  /// The entity tag of an object, which is the revision that last changed it; nil if there is none.
  func tag(of key: ObjectKey) -> String? {
    stamps[key].map { "\"\($0.updated.revision)\"" }
  }

  /// The entity tag of an object as a list, for preconditions.
  func tags(of key: ObjectKey) -> [String] { tag(of: key).map { [$0] } ?? [] }
}

extension Stamp {
  fileprivate var json: JSONValue {
    [
      "revision": .integer(Int64(updated.revision)),
      "created_at": .string(created.at),
      "created_by": .string(created.author),
      "updated_at": .string(updated.at),
      "updated_by": .string(updated.author),
    ]
  }
}
