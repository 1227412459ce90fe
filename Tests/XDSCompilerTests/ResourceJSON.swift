import HashTreeCollections
import Model
import Snapshots
import XDSCompiler

extension FleetSnapshots {
  /// All snapshots by fleet; `*` is for the proxies of all others.
  var byFleet: [String: Snapshot] { named.merging(["*": others]) { $1 } }

  /// Every resource by fleet, type and name.
  var json: JSONValue {
    get throws { .object(try byFleet.mapValues { try $0.json }) }
  }
}

extension Snapshot {
  fileprivate var json: JSONValue {
    get throws {
      var types: [String: JSONValue] = [:]
      for type in ResourceType.allCases where self[type].count > 0 {
        var resources: [String: JSONValue] = [:]
        for (name, resource) in self[type].byName { resources[name] = try resource.json }
        types["\(type)"] = .object(resources)
      }
      return .object(types)
    }
  }
}
