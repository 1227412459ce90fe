package import HashTreeCollections

/// The resources of one type in a snapshot.
///
/// Copies share structure: keeping two sets costs their difference.
package struct ResourceSet: Sendable {
  package private(set) var byName: TreeDictionary<String, Resource> = [:]
  /// An order-free hash over the (name, version) pairs of the set, kept as it changes.
  package private(set) var fingerprint = ContentHash.zero
  /// Virtual hosts by their route configurations.
  private var virtualHosts: TreeDictionary<String, TreeDictionary<String, Resource>> = [:]

  package init() {}

  package subscript(name: String) -> Resource? { byName[name] }

  package var count: Int { byName.count }

  /// The virtual hosts of a route configuration, by name.
  package func virtualHosts(of routeConfiguration: String) -> TreeDictionary<String, Resource> {
    virtualHosts[routeConfiguration] ?? [:]
  }

  /// Puts a resource in place of the one of its name.
  ///
  /// Costs the logarithm of the set's size.
  package mutating func insert(_ resource: Resource) {
    if let former = byName.updateValue(resource, forKey: resource.name) {
      fingerprint -= former.fingerprint
    }
    fingerprint += resource.fingerprint
    if let owner = resource.key.owner {
      virtualHosts[owner, default: [:]][resource.name] = resource
    }
  }

  /// Takes the resource of that name out, if there is one.
  package mutating func remove(_ name: String) {
    guard let former = byName.removeValue(forKey: name) else { return }
    fingerprint -= former.fingerprint
    guard let owner = former.key.owner else { return }
    virtualHosts[owner]?[name] = nil
    if virtualHosts[owner]?.isEmpty == true { virtualHosts[owner] = nil }
  }
}
