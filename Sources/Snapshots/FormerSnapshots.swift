/// What a fleet's proxies were to have at the last postings that changed clusters or listeners.
///
/// A state-of-the-world client that connects again names only the version of what it holds: here is
/// found what that is. Copies share everything.
package struct FormerSnapshots: Sendable {
  private let fleet: String
  /// Oldest first; only clusters, their assignments, and listeners.
  private let postings: [FleetSnapshots]
  /// False while earlier ones are still looked for, as right after a start.
  package let isComplete: Bool

  /// Knows of nothing.
  package init() { self.init(of: "", [], isComplete: true) }

  init(of fleet: String, _ postings: [FleetSnapshots], isComplete: Bool) {
    self.fleet = fleet
    self.postings = postings
    self.isComplete = isComplete
  }

  /// The set of clusters or of listeners that has this version; nil if it is not known.
  ///
  /// Costs a look at each posting for each name in the version.
  package func set(of type: ResourceType, version: String) -> ResourceSet? {
    let parts = version.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    let sets = postings.map { $0[fleet][type] }
    guard let first = parts.first,
      let index = sets.lastIndex(where: { "\($0.fingerprint)" == first })
    else { return nil }
    var set = sets[index]
    for name in parts.dropFirst() where set[name] == nil {
      if let resource = sets[..<index].reversed().lazy.compactMap({ $0[name] }).first {
        set.insert(resource)
      }
    }
    return set
  }

  /// The last resource of that key, if it is one of those types.
  package func last(_ key: ResourceKey) -> Resource? {
    postings.reversed().lazy.compactMap { $0[fleet][key] }.first
  }
}

extension ResourceSet {
  /// The version of this set together with resources of names that it lacks.
  ///
  /// It names those, so that they can be found; nil if that made it too long.
  package func version(with others: [Resource]) -> String? {
    let version = (["\(fingerprint)"] + others.map(\.name).sorted()).joined(separator: "+")
    return version.utf8.count <= Self.versionLimit ? version : nil
  }

  /// A client repeats the version in each request.
  private static var versionLimit: Int { 4096 }
}

extension FleetSnapshots {
  /// Only the clusters, their assignments, and listeners.
  var recallable: FleetSnapshots {
    FleetSnapshots(
      named: named.mapValues(\.recallable),
      others: others.recallable
    )
  }
}

extension Snapshot {
  fileprivate var recallable: Snapshot {
    var some = Snapshot(revision: revision)
    for type in [ResourceType.cluster, .endpoints, .listener] { some[type] = self[type] }
    return some
  }
}
