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
    let everyFleet = scope.contains(Gateway.everyFleet)
    let common = homes.contains(Gateway.everyFleet) ? resource : nil
    if everyFleet { note(key, fleets.others.replace(key, with: common)) }
    for name in names where everyFleet || scope.contains(name) {
      let wanted = homes.contains(name) ? resource : common
      note(key, fleets.named[name]?.replace(key, with: wanted))
    }
  }

  private mutating func note(_ key: ResourceKey, _ isChanged: Bool?) {
    if isChanged == true { changed.insert(key) }
  }
}

extension Snapshot {
  /// - Returns: Whether that changed anything.
  fileprivate mutating func replace(_ key: ResourceKey, with resource: Resource?) -> Bool {
    guard self[key] !== resource else { return false }
    if let resource {
      self[key.type].insert(resource)
    } else {
      self[key.type].remove(key.name)
    }
    return true
  }
}
