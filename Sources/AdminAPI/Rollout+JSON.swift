import Model
import Publisher

extension Rollout {
  /// How far each proxy is with the revision, with what refused resources were made of.
  func json(_ blame: inout Blame) async throws -> JSONValue {
    var entries: [JSONValue] = []
    for proxy in proxies {
      entries.append(proxy.json(rejection: try await blame.json(of: proxy.rejection)))
    }
    return json(of: entries)
  }

  /// How far each proxy is with the revision, without why it was refused.
  var json: JSONValue { json(of: proxies.map { $0.json(rejection: .null) }) }

  private func json(of entries: [JSONValue]) -> JSONValue {
    let counts = State.allCases.map { state in
      (state.rawValue, JSONValue.integer(Int64(proxies.count { $0.state == state })))
    }
    return [
      "revision": .integer(Int64(revision)),
      "complete": .bool(isComplete),
      "counts": .object(Dictionary(counts, uniquingKeysWith: { $1 })),
      "proxies": .array(entries),
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
