import Foundation
import HashTreeCollections
import Model
import Publisher
import Snapshots

extension Proxy {
  /// All that is known of the proxy.
  func json(_ blame: inout Blame) async throws -> JSONValue {
    [
      "id": .string(id),
      "fleet": .string(fleet),
      "envoy_version": .string(version),
      "locality": locality.json,
      "state": .string(state.rawValue),
      "connected_since": connectedSince.map { .time($0) } ?? .null,
      "last_seen": .time(lastSeen),
      "revision": .revision(applied),
      "streams": .array(streams.map(\.json)),
      "types": .object(
        Dictionary(types.map { ($0.plural, $1.json) }, uniquingKeysWith: { $1 })
      ),
      "last_rejection": try await blame.json(of: rejection),
    ]
  }

  /// The resources that its streams hold; of two with the same name that of the newer stream.
  func holdings() throws -> JSONValue {
    var holdings: [ResourceType: TreeDictionary<String, Resource>] = [:]
    for stream in streams {
      for (type, newer) in stream.sent {
        holdings[type, default: [:]].merge(newer) { $1 }
      }
    }
    var types: [String: JSONValue] = [:]
    for (type, resources) in holdings {
      types[type.plural] = [
        "type_url": .string(type.url),
        "resources": .array(
          try resources.values.sorted { $0.name < $1.name }.map { try ResourceView($0).json }
        ),
      ]
    }
    return .object(types)
  }
}

extension Locality {
  fileprivate var json: JSONValue {
    ["region": .string(region), "zone": .string(zone), "sub_zone": .string(subZone)]
  }
}

extension ProxyConnection {
  fileprivate var json: JSONValue {
    ["id": .integer(Int64(id)), "dialect": .string(dialect.name), "connected_since": .time(opened)]
  }
}

extension Dialect {
  fileprivate var name: String {
    switch self {
    case .delta: "delta"
    case .stateOfTheWorld: "state_of_the_world"
    }
  }
}

extension ProxyTypeStatus {
  fileprivate var json: JSONValue { ["acked": .revision(acked), "sent": .revision(sent)] }
}

extension JSONValue {
  /// RFC 3339, UTC, with milliseconds.
  fileprivate static func time(_ date: Date) -> JSONValue {
    .string(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
  }

  /// A revision's number; null if there is none.
  fileprivate static func revision(_ number: Int?) -> JSONValue {
    number.map { .integer(Int64($0)) } ?? .null
  }
}
