import HashTreeCollections
import Snapshots

/// What one type's next response is to carry, gathered name by name.
struct Delivery {
  var sent: [Resource] = []
  var removed: [String] = []
  var waiting: Set<String> = []
  /// Names that wait for clusters.
  var held: Set<String> = []
  /// Clusters that something in `held` waits for.
  var blockers: Set<String> = []

  var isEmpty: Bool { sent.isEmpty && removed.isEmpty }
}

/// What is to be done about one name.
enum Verdict {
  /// The client has what it should have.
  case nothing
  case send(Resource)
  /// The resource is gone, but the client asks for it and still needs it: it gets the last one.
  case lend(Resource)
  case remove
  /// The resource does not exist, and the client asks for it: it is told, if it speaks delta.
  case missing
  /// Not until these clusters are ready.
  case hold(Set<String>)
  /// Gone, but not until nothing the client may be using needs it.
  case withhold
  /// A virtual host is gone, but not until the client drops its route configuration.
  case linger
}

// Make before break.
extension Session {
  func verdict(on name: String, in index: Int, isAsked: Bool) -> Verdict {
    guard channels[index].subscription.covers(name) else { return .nothing }
    if channels[index].type == .virtualHost, let verdict = verdict(byOwnerOf: name, in: index) {
      return verdict
    }
    guard let current = resource(name, in: index) else {
      return verdict(onGone: name, in: index, isAsked: isAsked)
    }
    if !isAsked, channels[index].holdings[name]?.version == current.version { return .nothing }
    let blockers = blockers(of: current)
    return blockers.isEmpty ? .send(current) : .hold(blockers)
  }

  private func verdict(onGone name: String, in index: Int, isAsked: Bool) -> Verdict {
    guard channels[index].holdings.mayInclude(name) else {
      return isAsked && dialect == .delta && !isAwaited(name, in: index) ? .missing : .nothing
    }
    // State of the world cannot take these types back: the client drops them when it wants to.
    if dialect == .stateOfTheWorld, channels[index].type?.isWholeInStateOfTheWorld != true {
      if isAsked, channels[index].type == .endpoints, let last = channels[index].holdings[name] {
        return .lend(last)
      }
      return .nothing
    }
    guard let type = channels[index].type, isNeeded(ResourceKey(type, name)) else { return .remove }
    if isAsked, let last = channels[index].holdings[name] { return .lend(last) }
    return .withhold
  }

  /// Whether something that the client may be using needs this, or may do so for all we know.
  private func isNeeded(_ key: ResourceKey) -> Bool {
    if key.type.changesAtOnce { return false }
    return needs.contains(key)
      || key.type.users.contains { channel(of: $0) { $0.hasUnknown } == true }
      || key.type == .cluster && mayUse(cluster: key.name)
  }

  /// Whether a cluster waits for that assignment, which is gone.
  ///
  /// Told that there is none, Envoy would take the cluster into use without endpoints. It changes or
  /// goes instead.
  func isAwaited(_ name: String, in index: Int) -> Bool {
    channels[index].type == .endpoints && snapshot[.endpoints][name] == nil
      && needs.contains(ResourceKey(.endpoints, name))
  }

  /// Whether a client that reconnects has said that it holds a cluster, and may still say what uses
  /// it.
  private func mayUse(cluster name: String) -> Bool {
    mayUseAnyCluster && channel(of: .cluster) { $0.holdings[name] != nil } == true
  }

  /// Whether a client that reconnects has said which clusters it holds, and not yet which routes.
  var mayUseAnyCluster: Bool {
    isAggregated && !hasSettled && channel(of: .cluster) { $0.saidHoldings } == true
      && (!asks(for: .routes) || isAboutToAskForVirtualHosts)
  }

  /// The clusters that are not ready and without which the resource would break traffic.
  func blockers(of resource: Resource) -> Set<String> {
    guard resource.type.waitsForClusters else { return [] }
    let clusters = index(of: .cluster)
    guard clusters != nil || isResumingWithoutClusters else { return [] }
    var blockers: Set<String> = []
    for key in resource.needs + needsOfRoutes(of: resource) where key.type == .cluster {
      let isReady =
        clusters.map { self.isReady(key.name, $0) } ?? warming.isOverdue(key.name)
      if !isReady { blockers.insert(key.name) }
    }
    return blockers
  }

  /// What the route configurations need that a listener brings with it: until they come it serves
  /// nothing, not even what another served before on its port.
  private func needsOfRoutes(of listener: Resource) -> [ResourceKey] {
    listener.needs.filter {
      $0.type == .routes && !mayHave($0)
    }
    .flatMap { key in
      let hosts = snapshot[.virtualHost].virtualHosts(of: key.name).values
      return (snapshot[key]?.needs ?? []) + hosts.flatMap(\.needs)
    }
  }

  private func mayHave(_ key: ResourceKey) -> Bool {
    channel(of: key.type) { $0.holdings.mayInclude(key.name) } == true
  }

  /// Whether the client has lost its connection while it was warming clusters: it asks for
  /// assignments again, but for clusters only when those are warm.
  private var isResumingWithoutClusters: Bool {
    asks(for: .endpoints) && channels.contains { $0.saidHoldings }
  }

  private func isReady(_ cluster: String, _ index: Int) -> Bool {
    let holds = channels[index].holdings[cluster] != nil
    if holds || channels[index].holdings.claimed.contains(cluster) {
      return !warming.includes(cluster)
    }
    // One that the client does not want, or that does not exist, will never come.
    return snapshot[.cluster][cluster] == nil || !channels[index].subscription.covers(cluster)
  }
}
