import Model
import Snapshots

/// Snapshots in the course of a change.
struct FleetEdit {
  private(set) var fleets: FleetSnapshots
  /// The resources that differ in some fleet from where the edit began.
  private(set) var changed: Set<ResourceKey> = []
  private let names: [String]

  /// - Parameters:
  ///   - former: The snapshots before the change.
  ///   - names: The fleets that gateways name after it. One that is new begins with what every
  ///     proxy had.
  init(_ former: FleetSnapshots, named names: some Sequence<String>) {
    self.names = Array(names)
    fleets = FleetSnapshots(others: former.others)
    for name in self.names { fleets.named[name] = former[name] }
  }

  /// Puts a resource where it belongs, and takes it out where it does not.
  ///
  /// - Parameters:
  ///   - key: The resource's key.
  ///   - resource: nil if it is gone.
  ///   - scope: The fleets where it is or was, as gateways name them: `*` is all.
  ///   - homes: Those of them where it belongs.
  mutating func place(
    _ key: ResourceKey,
    _ resource: Resource?,
    in scope: Set<String>,
    homes: Set<String>
  ) {
    place(key, resource, in: scope, homes: homes) { $0.replace(key, with: $1) }
  }

  /// Puts a listener, and what takes its place for streams that get virtual hosts as resources of
  /// their own, where they belong.
  mutating func place(
    listener key: ResourceKey,
    _ listener: Resource?,
    hostwise: Resource?,
    in scope: Set<String>,
    homes: Set<String>
  ) {
    place(key, listener, in: scope, homes: homes)
    place(key, hostwise, in: scope, homes: homes) {
      $0.hostwiseListeners?.replace(key.name, with: $1) == true
    }
  }

  /// `replace` puts the resource in a snapshot, or takes it out, and says whether that changed
  /// anything.
  private mutating func place(
    _ key: ResourceKey,
    _ resource: Resource?,
    in scope: Set<String>,
    homes: Set<String>,
    _ replace: (inout Snapshot, Resource?) -> Bool
  ) {
    let everyFleet = scope.contains(Gateway.everyFleet)
    let common = homes.contains(Gateway.everyFleet) ? resource : nil
    if everyFleet { note(key, replace(&fleets.others, common)) }
    for name in names where everyFleet || scope.contains(name) {
      guard var snapshot = fleets.named.removeValue(forKey: name) else { continue }
      note(key, replace(&snapshot, homes.contains(name) ? resource : common))
      fleets.named[name] = snapshot
    }
  }

  private mutating func note(_ key: ResourceKey, _ isChanged: Bool) {
    if isChanged { changed.insert(key) }
  }
}

extension Snapshot {
  /// - Returns: Whether that changed anything.
  fileprivate mutating func replace(_ key: ResourceKey, with resource: Resource?) -> Bool {
    self[key.type].replace(key.name, with: resource)
  }
}

extension ResourceSet {
  /// - Returns: Whether that changed anything.
  fileprivate mutating func replace(_ name: String, with resource: Resource?) -> Bool {
    guard self[name] !== resource else { return false }
    if let resource {
      insert(resource)
    } else {
      remove(name)
    }
    return true
  }
}
