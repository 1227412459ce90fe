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

  /// Whether there is such an object, one that cannot be read included.
  func has(_ key: ObjectKey) -> Bool { document[key] != nil || unreadable[key] != nil }

  /// - Throws: A problem if an object that is to be answered, or changed in part, is stored in a way
  ///   that this version of Chancery does not understand.
  func checkReadable(_ isAsked: (ObjectKey) -> Bool = { _ in true }) throws {
    let keys = unreadable.keys.filter(isAsked).sorted()
    if keys.isEmpty { return }
    let flaws = keys.flatMap { unreadable[$0, default: []] }.map(Problem.Flaw.init)
    let names = keys.map(\.pointer).joined(separator: ", ")
    throw Problem(
      .unavailable,
      "This version of Chancery does not understand \(names). Replace or delete it."
        + " The version that wrote it can read it.",
      flaws: flaws
    )
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
