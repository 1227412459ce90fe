import Model
import Snapshots
import XDSCompiler

/// What the document compiled to, with the registered endpoints in it.
///
/// It is kept from one posting to the next, so that each costs what it changes.
struct ServedSnapshots: Sendable {
  /// nil until there is a document.
  private(set) var fleets: FleetSnapshots?
  private var compiled: Compilation?

  /// Takes in a newer revision.
  ///
  /// `changed` is what may differ from what was taken in before, of the document or of what is
  /// registered; nil means anything may.
  mutating func follow(
    _ compiled: Compilation,
    revision: Int,
    changed: Set<ResourceKey>?,
    _ registrations: RegistrationTable
  ) {
    self.compiled = compiled
    let former = fleets
    fleets = compiled.fleets.stamped(revision)
    if let changed, let former, !registrations.isEmpty {
      fleets?.takeServices(of: former)
      for key in changed where key.type == .cluster || key.type == .endpoints {
        place(key, registrations)
      }
    } else {
      for key in registrations.services.keys.flatMap(Self.keys) { place(key, registrations) }
    }
  }

  /// Takes in what was registered for some services, or is not any more.
  ///
  /// - Returns: The resources that changed, in any fleet.
  mutating func refresh(
    _ services: Set<String>,
    _ registrations: RegistrationTable
  ) -> Set<ResourceKey> {
    var changed: Set<ResourceKey> = []
    for key in services.flatMap(Self.keys) where place(key, registrations) { changed.insert(key) }
    return changed
  }

  /// What the instances of a service may change: its assignment, or its cluster if that holds the
  /// endpoints.
  static func keys(of service: String) -> [ResourceKey] {
    [ResourceKey(.cluster, service), ResourceKey(.endpoints, service)]
  }

  /// Puts a resource in the fleets where the document has it, and takes it out of the others.
  ///
  /// - Returns: Whether that changed anything.
  @discardableResult
  private mutating func place(_ key: ResourceKey, _ registrations: RegistrationTable) -> Bool {
    guard let compiled, fleets != nil else { return false }
    let registered = registered(as: key, compiled, registrations)
    func wanted(_ own: Resource?) -> Resource? { own.map { registered ?? $0 } }
    var isChanged = fleets?.others.replace(key, with: wanted(compiled.fleets.others[key])) == true
    for (name, snapshot) in compiled.fleets.named
    where fleets?.named[name]?.replace(key, with: wanted(snapshot[key])) == true {
      isChanged = true
    }
    return isChanged
  }

  /// A resource with registered endpoints in it; nil if there are none.
  private func registered(
    as key: ResourceKey,
    _ compiled: Compilation,
    _ registrations: RegistrationTable
  ) -> Resource? {
    guard key.type == .endpoints || key.type == .cluster,
      registrations.services[key.name] != nil
    else { return nil }
    let endpoints = registrations.endpoints(of: key.name)
    // One that is too large to be encoded is served as the document has it.
    return try? compiled.resources(of: key.name, with: endpoints).first { $0.key == key }
  }
}

extension FleetSnapshots {
  /// Takes over the clusters and assignments of earlier snapshots of the same fleets.
  fileprivate mutating func takeServices(of former: FleetSnapshots) {
    others.takeServices(of: former.others)
    for name in named.keys { named[name]?.takeServices(of: former[name]) }
  }
}

extension Snapshot {
  fileprivate mutating func takeServices(of former: Snapshot) {
    for type in [ResourceType.cluster, .endpoints] { self[type] = former[type] }
  }

  /// - Returns: Whether that changed anything.
  fileprivate mutating func replace(_ key: ResourceKey, with resource: Resource?) -> Bool {
    let former = self[key]
    if let resource {
      if let former, former === resource || former.isSame(as: resource) { return false }
      self[key.type].insert(resource)
      return true
    }
    if former == nil { return false }
    self[key.type].remove(key.name)
    return true
  }
}

extension Resource {
  fileprivate func isSame(as other: Resource) -> Bool {
    version == other.version && needs == other.needs
      && warmsBeyondAssignment == other.warmsBeyondAssignment
  }
}
