import Model
import Publisher

extension Rollout {
  /// How far each proxy is with the revision, with what refused resources were made of.
  func json(_ blame: inout Blame) async throws -> JSONValue {
    .object(members(listing: try await Self.json(of: proxies, &blame)))
  }

  /// How far each proxy is with the revision, without why it was refused.
  var json: JSONValue { .object(members(listing: proxies.map { $0.json(rejection: .null) })) }

  /// How far some of the proxies are, with what refused resources were made of.
  static func json(of entries: [Entry], _ blame: inout Blame) async throws -> [JSONValue] {
    var values: [JSONValue] = []
    for entry in entries {
      values.append(entry.json(rejection: try await blame.json(of: entry.rejection)))
    }
    return values
  }

  /// What is told of all proxies, and those of `entries` one by one; as if no others followed.
  func members(listing entries: [JSONValue]) -> [String: JSONValue] {
    let counts = State.allCases.map { state in
      (state.rawValue, JSONValue.integer(Int64(proxies.count { $0.state == state })))
    }
    return [
      "revision": .integer(Int64(revision)),
      "complete": .bool(isComplete),
      "counts": .object(Dictionary(counts, uniquingKeysWith: { $1 })),
      "proxies": .array(entries),
      "next_page_token": .null,
    ]
  }
}

extension Rollout.Entry {
  fileprivate func json(rejection: JSONValue) -> JSONValue {
    [
      "id": .string(id),
      "fleet": .string(fleet),
      "state": .string(state.rawValue),
      "rejection": rejection,
    ]
  }
}
