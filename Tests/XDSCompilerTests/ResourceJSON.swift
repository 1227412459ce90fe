import HashTreeCollections
import Model
import Snapshots
import XDSCompiler

extension FleetSnapshots {
  /// All snapshots by fleet; `*` is for the proxies of all others.
  var byFleet: [String: Snapshot] { named.merging(["*": others]) { $1 } }

  /// All snapshots by fleet and kind of stream.
  var views: [String: Snapshot] {
    let hostwise = byFleet.map { ("\($0.key), hostwise", $0.value.hostwise) }
    return byFleet.merging(hostwise) { $1 }
  }

  /// Every resource by fleet, type and name.
  var json: JSONValue {
    get throws { .object(try byFleet.mapValues { try $0.json }) }
  }
}

extension TreeDictionary<String, Resource> {
  fileprivate var json: [String: JSONValue] {
    get throws { Dictionary(uniqueKeysWithValues: try map { ($0.key, try $0.value.json) }) }
  }
}

extension Snapshot {
  fileprivate var json: JSONValue {
    get throws {
      var types: [String: JSONValue] = [:]
      for type in ResourceType.allCases where self[type].count > 0 {
        types["\(type)"] = .object(try self[type].byName.json)
      }
      if let listeners = hostwiseListeners, listeners.count > 0 {
        types["listener (hostwise)"] = .object(try listeners.byName.json)
      }
      return .object(types)
    }
  }
}
