import HashTreeCollections
import Model
import Snapshots
import Testing
import XDSCompiler

@Test(arguments: 0..<40)
func `following changes equals compiling anew, after any sequence of them`(seed: Int) throws {
  var generator = SeededGenerator(seed: UInt64(seed))
  var document = Document()
  var compilation = try Compilation(of: document)
  for step in 0..<60 {
    var edited = document
    let change = edited.apply(generator.edits())
    guard (try? edited.check(change)) != nil else { continue }
    document = edited
    let next = try compilation.following(change, to: document)
    let place = "seed \(seed), step \(step)"
    let anew = try Compilation(of: document)
    try #require(next.fleets.contents == anew.fleets.contents, "\(place)")
    try #require(next.fleets.reached == document.expectedReach, "\(place)")
    try #require(next.changed == next.expectedChange(since: compilation), "\(place)")
    compilation = next
  }
}

/// All that a proxy, or the session that serves it, can tell of a resource.
private struct Content: Equatable {
  var body: [UInt8]
  var needs: [ResourceKey]
  var warmsBeyondAssignment: Bool
  var awaitsVirtualHosts: Bool
  var version: ContentHash
}

extension Snapshot {
  fileprivate var resources: [ResourceKey: Resource] {
    ResourceType.allCases.flatMap { self[$0].byName.values }
      .reduce(into: [:]) { $0[$1.key] = $1 }
  }

  fileprivate var contents: [ResourceKey: Content] {
    resources.mapValues {
      Content(
        body: $0.body,
        needs: $0.needs,
        warmsBeyondAssignment: $0.warmsBeyondAssignment,
        awaitsVirtualHosts: $0.awaitsVirtualHosts,
        version: $0.version
      )
    }
  }
}

extension FleetSnapshots {
  fileprivate var contents: [String: [ResourceKey: Content]] { views.mapValues(\.contents) }

  /// The names of the clusters and listeners of each fleet.
  fileprivate var reached: [String: Set<String>] {
    byFleet.mapValues { Set($0[.cluster].byName.keys).union($0[.listener].byName.keys) }
  }
}

extension Document {
  /// What `reached` must be, from rule X28's own words.
  fileprivate var expectedReach: [String: Set<String>] {
    let fleets = Set(gateways.values.map(\.effectiveFleet)).union(["*"])
    return Dictionary(
      uniqueKeysWithValues: fleets.map { fleet in
        let own = Set(gateways.filter { $0.value.serves(fleet: fleet) }.map(\.key))
        let reached = routes.values
          .filter { route in route.gateways.map { !own.isDisjoint(with: $0) } ?? !own.isEmpty }
          .flatMap(\.services)
        let listeners = own.compactMap { gateways[$0]?.expectedListener(named: $0) }
        return (fleet, Set(listeners).union(reached))
      }
    )
  }
}

extension Gateway {
  fileprivate func expectedListener(named name: String) -> String {
    "\(name)/\(address == "::1" ? "[::1]" : "0.0.0.0"):\(port)"
  }
}

extension Compilation {
  /// The keys whose resources are not the very same objects; nil if other fleets are named.
  fileprivate func expectedChange(since former: Compilation) -> Set<ResourceKey>? {
    guard Set(fleets.named.keys) == Set(former.fleets.named.keys) else { return nil }
    return fleets.views.reduce(into: []) { changed, entry in
      let before = former.fleets.views[entry.key]?.resources ?? [:]
      let after = entry.value.resources
      for key in Set(before.keys).union(after.keys) where before[key] !== after[key] {
        changed.insert(key)
      }
    }
  }
}
