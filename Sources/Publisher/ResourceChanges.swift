import HashTreeCollections
import Model
package import Snapshots
package import Store
package import XDSCompiler

/// What a write does to the resources that proxies are sent.
package struct ResourceChanges: Hashable, Sendable {
  /// Those that some fleet gets and none got before; sorted, as the others are.
  package private(set) var added: [ResourceKey] = []
  /// Those that some fleet gets otherwise than before.
  package private(set) var changed: [ResourceKey] = []
  /// Those that no fleet gets any more.
  package private(set) var removed: [ResourceKey] = []

  /// Costs what the write changes; if it makes or empties a fleet, all resources.
  package init(of result: WriteResult<Compilation>) {
    let former = result.base.compiled?.fleets
    let next = result.head.compiled?.fleets
    if result.change.isEmpty, former != nil { return }
    let suspects = former == nil ? nil : result.head.compiled?.changed
    let fleets = (former?.fleetNames ?? []).union(next?.fleetNames ?? [])
    let keys = suspects ?? (former?.keys ?? []).union(next?.keys ?? [])
    for key in keys.sorted() {
      let steps = fleets.map { (former?.snapshot($0)[key], next?.snapshot($0)[key]) }
      note(key, steps.map { ($0?.version, $1?.version) })
    }
  }

  /// None.
  package init() {}

  /// Those of resources that stay, with other content.
  init(changed: some Sequence<ResourceKey>) { self.changed = changed.sorted() }

  /// Takes in how a resource changes in each fleet; nil is absent.
  private mutating func note(_ key: ResourceKey, _ steps: [(ContentHash?, ContentHash?)]) {
    let wasThere = steps.contains { $0.0 != nil }
    let isThere = steps.contains { $0.1 != nil }
    if !wasThere, isThere {
      added.append(key)
    } else if wasThere, !isThere {
      removed.append(key)
    } else if steps.contains(where: { $0.0 != $0.1 }) {
      changed.append(key)
    }
  }
}

extension FleetSnapshots {
  /// The fleets that a gateway names; nil stands for all others.
  fileprivate var fleetNames: Set<String?> { Set(named.keys.map(Optional.some)).union([nil]) }

  fileprivate func snapshot(_ fleet: String?) -> Snapshot { fleet.map { self[$0] } ?? others }

  /// Of the resources that any fleet gets.
  fileprivate var keys: Set<ResourceKey> {
    var keys: Set<ResourceKey> = []
    for snapshot in named.values + [others] {
      for type in ResourceType.allCases {
        keys.formUnion(snapshot[type].byName.keys.map { ResourceKey(type, $0) })
      }
    }
    return keys
  }
}
