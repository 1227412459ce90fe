import HashTreeCollections

/// What a fleet's proxies were to have at the last few postings, the newest included.
///
/// A state-of-the-world client that connects again names only the version of what it holds: here is
/// found what that is. Copies share everything.
package struct FormerSnapshots: Sendable {
  struct Posting: Sendable {
    let snapshots: FleetSnapshots
    /// What may differ from the posting before; nil means anything may.
    let changed: Set<ResourceKey>?
  }

  private let fleet: String
  /// Oldest first.
  private let postings: [Posting]

  /// Knows of nothing.
  package init() { self.init(of: "", []) }

  init(of fleet: String, _ postings: [Posting]) {
    self.fleet = fleet
    self.postings = postings
  }

  /// The whole set of a type that has this version, newest first; nil if none is known.
  ///
  /// It is that of a posting, or one with some of the resources that were taken away before: as
  /// long as something needs them a client has those too. Costs what the postings changed.
  package func set(of type: ResourceType, version: String) -> ResourceSet? {
    guard version.utf8.count == 16, let sought = UInt64(version, radix: 16) else { return nil }
    let sets = postings.map { $0.snapshots[fleet][type] }
    if let set = sets.last(where: { $0.fingerprint.folded == sought }) { return set }
    let losses = sets.indices.dropFirst().map { lost(from: sets, by: $0, type) }
    for base in sets.indices.suffix(Self.baseLimit).reversed() {
      let candidates = losses.prefix(base).reversed().joined()
      if let set = sets[base].joined(by: candidates, sought: sought) { return set }
    }
    return nil
  }

  private static let baseLimit = 8

  /// What the set before a posting has and that of the posting lacks.
  private func lost(from sets: [ResourceSet], by posting: Int, _ type: ResourceType) -> [Resource] {
    let (before, after) = (sets[posting - 1], sets[posting])
    if before.fingerprint == after.fingerprint { return [] }
    guard let changed = postings[posting].changed else {
      return before.byName.values.filter { after[$0.name] == nil }
    }
    return changed.compactMap { key in
      key.type == type && after[key.name] == nil ? before[key.name] : nil
    }
  }
}

extension ResourceSet {
  /// The set with some of the resources that it lacks, so that the fingerprint is the one sought.
  ///
  /// Of the first few any may be in it; beyond, only all up to some point.
  fileprivate func joined(by candidates: some Sequence<Resource>, sought: UInt64) -> ResourceSet? {
    let pool = candidates.filter { self[$0.name] == nil }
    if let some = subset(of: pool.prefix(Self.choiceLimit), sought: sought) { return some }
    var (union, hash) = (self, fingerprint)
    for (count, resource) in pool.enumerated() where union[resource.name] == nil {
      union.insert(resource)
      hash += resource.fingerprint
      if count >= Self.choiceLimit, hash.folded == sought { return union }
    }
    return nil
  }

  private static let choiceLimit = 10

  /// Adds up every choice once: each is one without its last resource, and that.
  private func subset(of pool: ArraySlice<Resource>, sought: UInt64) -> ResourceSet? {
    var hashes = [fingerprint]
    for (number, resource) in pool.enumerated() {
      for choice in hashes.indices {
        var hash = hashes[choice]
        hash += resource.fingerprint
        if hash.folded == sought { return inserting(pool, choice | 1 << number) }
        hashes.append(hash)
      }
    }
    return nil
  }

  /// The resources whose bits are set in `choice`.
  private func inserting(_ pool: ArraySlice<Resource>, _ choice: Int) -> ResourceSet {
    var set = self
    for (number, resource) in pool.enumerated() where choice >> number & 1 == 1 {
      set.insert(resource)
    }
    return set
  }
}
