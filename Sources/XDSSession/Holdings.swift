import HashTreeCollections
import Snapshots

/// What a client has of one type, as far as this stream knows.
struct Holdings: Sendable {
  /// What was sent last under each name, or what the client was found to have.
  private(set) var byName: TreeDictionary<String, Resource> = [:]
  /// An order-free hash over the (name, version) pairs of `byName`.
  private(set) var fingerprint = ContentHash.zero
  /// Names that the client has in a version unknown here.
  var claimed: Set<String> = []
  /// Names that a rejected response carried: the client may have taken them or not.
  var uncertain: Set<String> = []
  /// What the client may still have under uncertain names, beside what was sent last.
  private var former: [String: [Resource]] = [:]
  /// Names whose last version the client is known not to have taken.
  var refused: Set<String> = []

  init() {}

  /// Of a client that has exactly what is in a set.
  init(all set: ResourceSet) {
    byName = set.byName
    fingerprint = set.fingerprint
  }

  /// Whether the client has nothing, for sure.
  var isEmpty: Bool {
    byName.isEmpty && claimed.isEmpty && uncertain.isEmpty && former.isEmpty && refused.isEmpty
  }

  subscript(name: String) -> Resource? { byName[name] }

  func mayInclude(_ name: String) -> Bool {
    byName[name] != nil || claimed.contains(name) || uncertain.contains(name)
  }

  /// - Returns: What it replaces.
  mutating func put(_ resource: Resource) -> Resource? {
    let replaced = byName.updateValue(resource, forKey: resource.name)
    if let replaced { fingerprint -= replaced.fingerprint }
    fingerprint += resource.fingerprint
    return replaced
  }

  mutating func remove(_ name: String) -> Resource? {
    guard let removed = byName.removeValue(forKey: name) else { return nil }
    fingerprint -= removed.fingerprint
    return removed
  }

  /// Notes that a response says what the client is to have under a name it was unsure of.
  mutating func settle(_ name: String, by flight: inout Flight) {
    uncertain.remove(name)
    if claimed.remove(name) != nil { flight.claimed.append(name) }
  }

  /// Remembers what a rejected response was to replace: the oldest, which the client took, and the
  /// newest few, of which it may have taken any.
  ///
  /// - Returns: What is not remembered in exchange.
  mutating func keep(_ resource: Resource) -> Resource? {
    var kept = former[resource.name] ?? []
    if kept.contains(where: { $0.version == resource.version }) { return resource }
    let forgotten = kept.count < Self.formerLimit ? nil : kept.remove(at: 1)
    former[resource.name] = kept + [resource]
    return forgotten
  }

  private static let formerLimit = 4

  /// Forgets what the client had before the last response with this name, which it took.
  mutating func takeFormer(_ name: String) -> [Resource] {
    former.isEmpty ? [] : former.removeValue(forKey: name) ?? []
  }

  /// Shares the structure of a set with the same content: a thousand streams that have the same
  /// then keep it once.
  mutating func share(_ set: ResourceSet) {
    if fingerprint == set.fingerprint { byName = set.byName }
  }
}
