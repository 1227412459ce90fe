/// All that one fleet's proxies are sent: the resources compiled from one revision.
package struct Snapshot: Sendable {
  /// The revision that these resources were compiled from.
  package var revision: Int
  private var sets: [ResourceSet]
  /// The listeners for streams that get virtual hosts as resources of their own; nil if these get
  /// the same as all others.
  package var hostwiseListeners: ResourceSet?

  package init(revision: Int) {
    self.revision = revision
    sets = Array(repeating: ResourceSet(), count: ResourceType.allCases.count)
  }

  package subscript(type: ResourceType) -> ResourceSet {
    get { sets[type.rawValue] }
    set { sets[type.rawValue] = newValue }
  }

  package subscript(key: ResourceKey) -> Resource? { self[key.type][key.name] }

  /// As a stream sees it that gets virtual hosts as resources of their own.
  ///
  /// It differs in the route configurations that the listeners name.
  package var hostwise: Snapshot {
    guard let hostwiseListeners else { return self }
    var snapshot = self
    snapshot[.listener] = hostwiseListeners
    return snapshot
  }
}

/// The snapshots of one revision: one for each fleet that a gateway names, one for all others.
package struct FleetSnapshots: Sendable {
  package var named: [String: Snapshot]
  /// For proxies of a fleet that no gateway names: they get the gateways of fleet `*`.
  package var others: Snapshot

  package init(named: [String: Snapshot] = [:], others: Snapshot) {
    self.named = named
    self.others = others
  }

  package subscript(fleet: String) -> Snapshot { named[fleet] ?? others }
}

extension FleetSnapshots {
  /// The same resources as those of that revision.
  package func stamped(_ revision: Int) -> FleetSnapshots {
    var copy = self
    copy.others.revision = revision
    for fleet in named.keys { copy.named[fleet]?.revision = revision }
    return copy
  }
}
