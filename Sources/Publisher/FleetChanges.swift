import Snapshots

/// Which revision last changed what a fleet's proxies are sent.
struct FleetChanges: Sendable {
  /// The newest revision that is posted; 0 before the first.
  private(set) var newest = 0
  private var snapshots: FleetSnapshots?
  private var named: [String: Int] = [:]
  private var others = 0

  /// The last revision that changed anything for that fleet; 0 if nothing is posted.
  ///
  /// Where several were posted between two looks, it is the last of them if any changed something.
  subscript(fleet: String) -> Int { named[fleet] ?? others }

  /// Takes in what is posted now.
  ///
  /// Costs the number of fleets, and nothing if that was seen before.
  mutating func note(_ next: FleetSnapshots?) {
    guard let next else { return }
    guard next.others.revision != newest else {
      // What instances registered since then is no revision's doing.
      snapshots = next
      return
    }
    let revision = next.others.revision
    for fleet in Set(named.keys).union(next.named.keys) {
      if isChanged(snapshots?[fleet], next[fleet]) {
        named[fleet] = revision
      } else {
        named[fleet] = self[fleet]
      }
    }
    if isChanged(snapshots?.others, next.others) { others = revision }
    snapshots = next
    newest = revision
  }

  private func isChanged(_ former: Snapshot?, _ next: Snapshot) -> Bool {
    guard let former else { return true }
    return ResourceType.allCases.contains { former[$0].fingerprint != next[$0].fingerprint }
  }
}
