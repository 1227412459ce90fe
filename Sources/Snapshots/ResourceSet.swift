package import HashTreeCollections

/// The resources of one type in a snapshot.
///
/// Copies share structure: keeping two sets costs their difference.
package struct ResourceSet: Sendable {
  package private(set) var byName: TreeDictionary<String, Resource> = [:]
  /// An order-free hash over the (name, version) pairs of the set, kept as it changes.
  package private(set) var fingerprint = ContentHash.zero

  package init() {}

  package subscript(name: String) -> Resource? { byName[name] }

  package var count: Int { byName.count }

  /// Puts a resource in place of the one of its name.
  ///
  /// Costs the logarithm of the set's size.
  package mutating func insert(_ resource: Resource) {
    if let former = byName.updateValue(resource, forKey: resource.name) {
      fingerprint -= former.fingerprint
    }
    fingerprint += resource.fingerprint
  }

  /// Takes the resource of that name out, if there is one.
  package mutating func remove(_ name: String) {
    if let former = byName.removeValue(forKey: name) { fingerprint -= former.fingerprint }
  }
}
