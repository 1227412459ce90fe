import Snapshots

/// The clusters that were sent on this stream and are not known to be ready.
struct Warming: Sendable {
  private struct Cluster {
    var isRejected = false
    var isReadyByAssignment: Bool
  }

  private var clusters: [String: Cluster] = [:]
  /// Assignments that were not sent since a cluster that needs them was.
  private var missing: [String: Set<String>] = [:]
  /// Clusters that something waits for, with the number of the timer that ends it.
  private var timers: [String: Int] = [:]
  /// Clusters that were waited for in vain before the client asked for any.
  private var overdue: Set<String> = []

  func includes(_ cluster: String) -> Bool { clusters[cluster] != nil }

  /// From when on the client asks for clusters, it is known which ones it has.
  mutating func forgetOverdue() { overdue = [] }

  func isOverdue(_ cluster: String) -> Bool { overdue.contains(cluster) }

  /// Whether a cluster was sent that needs this assignment, and not yet the assignment after it.
  func isMissing(assignment: String) -> Bool { missing[assignment] != nil }

  /// Notes a cluster on its way; one of which the client has a version is of use already.
  mutating func sent(_ cluster: Resource, isNew: Bool) {
    for key in cluster.assignments { missing[key.name, default: []].insert(cluster.name) }
    guard isNew || clusters[cluster.name] != nil else { return }
    let byAssignment = !cluster.warmsBeyondAssignment && !cluster.assignments.isEmpty
    clusters[cluster.name] = Cluster(isReadyByAssignment: byAssignment)
  }

  mutating func sent(assignment: String) {
    for name in missing.removeValue(forKey: assignment) ?? []
    where clusters[name]?.isReadyByAssignment == true {
      ready(name)
    }
  }

  mutating func ready(_ cluster: String) {
    clusters[cluster] = nil
    timers[cluster] = nil
  }

  mutating func rejected(_ cluster: String) { clusters[cluster]?.isRejected = true }

  /// Forgets a cluster that the client no longer has.
  mutating func removed(_ cluster: Resource) {
    ready(cluster.name)
    for key in cluster.assignments {
      missing[key.name]?.remove(cluster.name)
      if missing[key.name]?.isEmpty == true { missing[key.name] = nil }
    }
  }
}

extension Warming {
  /// - Returns: Whether any of these clusters had no timer yet and now has this one. A cluster that
  ///   the client refused gets none: it is waited for until its content changes.
  mutating func startTimer(_ number: Int, for names: Set<String>) -> Bool {
    var started = false
    for name in names where timers[name] == nil && clusters[name]?.isRejected != true {
      timers[name] = number
      started = true
    }
    return started
  }

  /// Ends the waiting for the clusters of that timer, and remembers them if the client has not asked
  /// for any.
  mutating func fired(_ number: Int, beforeClusters: Bool) {
    for (name, timer) in timers where timer == number {
      timers[name] = nil
      if clusters[name]?.isRejected == false { clusters[name] = nil }
      if beforeClusters { overdue.insert(name) }
    }
  }
}

extension Resource {
  /// The assignments that an EDS cluster needs.
  fileprivate var assignments: [ResourceKey] { needs.filter { $0.type == .endpoints } }
}
