import Model
import Publisher
import Snapshots
import Store

/// Finds out what the resources that proxies refused were made of; for equal refusals once.
struct Blame {
  let store: ConfigStore
  private var known: [StoredRejection: JSONValue] = [:]

  init(_ store: ConfigStore) { self.store = store }

  /// The rejection with the objects behind it, the last changed one first; null for nil.
  mutating func json(of rejection: StoredRejection?) async throws -> JSONValue {
    guard let rejection else { return .null }
    // Many proxies may refuse the same at several times.
    var cause = rejection
    cause.at = ""
    if known[cause] == nil { known[cause] = .array(try await objects(behind: rejection)) }
    return rejection.json.merging(["objects": known[cause] ?? []])
  }

  private func objects(behind rejection: StoredRejection) async throws -> [JSONValue] {
    try await store.origins(
      of: rejection.names.map { ResourceKey(rejection.type, $0) },
      since: rejection.since,
      at: rejection.revision
    ).map(\.json)
  }
}

extension StoredRejection {
  fileprivate var json: JSONValue {
    [
      "type": .string(type.plural),
      "revision": .integer(Int64(revision)),
      "names": .array(names.map { .string($0) }),
      "message": .string(message),
      "at": .string(at),
    ]
  }
}

extension Origin {
  fileprivate var json: JSONValue {
    [
      "kind": .string("\(key.kind)"),
      "name": .string(key.name),
      "revision": .integer(Int64(changed.revision)),
      "author": .string(changed.author),
      "at": .string(changed.at),
    ]
  }
}
