import HashTreeCollections
import Snapshots

/// What a stream remembers of virtual hosts that are resources of their own, by their route
/// configurations.
struct VirtualHostFollowing: Sendable {
  /// Route configurations of which no virtual hosts were sent yet, with the clusters that any of
  /// these wait for.
  var unopened: [String: Set<String>] = [:]
  /// Virtual hosts that are gone, and that the client uses until it drops their route configuration.
  var lingering: [String: Set<String>] = [:]
}

// Virtual hosts come after their route configuration and go with it.
//
// Envoy asks for all of them at once, of whatever route configuration. It drops those of one that it
// does not have yet, and says later that it has them; so they must not be sent before. It warms a
// listener until it is told of a virtual host of each route configuration, or that one is gone; so
// the first ones must be all.
extension Session {
  /// Lets all virtual hosts follow their route configuration, held before or not.
  mutating func sendVirtualHosts(of routes: Resource) {
    if routes.awaitsVirtualHosts { following.unopened[routes.name] = [] }
  }

  /// Finds the route configurations that a client has without any virtual host, now that it says
  /// which of those it has.
  mutating func noteUnopenedRoutes(_ index: Int) {
    let channel = channels[index]
    for routes in heldRoutesWithVirtualHosts {
      let hosts = snapshot[.virtualHost].virtualHosts(of: routes.name).keys
      let isOpen =
        hosts.isEmpty ? channel.saidHoldings : hosts.contains(where: channel.holdings.mayInclude)
      if !isOpen { sendVirtualHosts(of: routes) }
    }
  }

  /// Asks for the virtual hosts that are to follow their route configurations, all of one together.
  mutating func followRoutes(_ index: Int) {
    for routes in following.unopened.keys {
      let hosts = snapshot[.virtualHost].virtualHosts(of: routes)
      let blockers = hosts.values.reduce(into: Set<String>()) {
        $0.formUnion(self.blockers(of: $1))
      }
      following.unopened[routes] = blockers.isEmpty ? nil : blockers
      channels[index].asked.formUnion(hosts.keys)
      channels[index].asked.formUnion(following.lingering.removeValue(forKey: routes) ?? [])
      // Of no virtual hosts at all the client is told that this one does not exist.
      if hosts.isEmpty { channels[index].asked.insert("\(routes)/*") }
    }
  }

  /// Takes away the virtual hosts of a route configuration that the client has dropped.
  mutating func dropVirtualHosts(of routes: String) {
    following.unopened[routes] = nil
    let lingering = following.lingering.removeValue(forKey: routes) ?? []
    guard let index = index(of: .virtualHost) else { return }
    let hosts = snapshot[.virtualHost].virtualHosts(of: routes).keys
      .filter { channels[index].holdings.mayInclude($0) }
    channels[index].asked.formUnion(lingering.union(hosts))
  }

  /// What becomes of a virtual host because of its route configuration; nil if nothing does.
  func verdict(byOwnerOf name: String, in index: Int) -> Verdict? {
    guard let owner = ResourceKey(.virtualHost, name).owner else { return nil }
    let isHeld = channels[index].holdings.mayInclude(name)
    let isThere = snapshot[.virtualHost][name] != nil
    guard isHeld || isThere, dialect == .delta else { return nil }
    if isUnwanted(owner) { return isHeld ? .remove : .nothing }
    guard let routes = self.index(of: .routes) else { return nil }
    if let blockers = following.unopened[owner] { return isThere ? .hold(blockers) : .linger }
    if snapshot[.routes][owner] != nil, channels[routes].holdings.mayInclude(owner) { return nil }
    return isThere ? .nothing : .linger
  }

  /// Whether a resource is a virtual host of a route configuration that the client does not want.
  func isStray(_ resource: Resource) -> Bool { resource.key.owner.map(isUnwanted) ?? false }

  /// Not known on a stream that asks neither for route configurations nor for listeners.
  private func isUnwanted(_ routes: String) -> Bool {
    channel(of: .routes) { !$0.subscription.covers(routes) } ?? asks(for: .listener)
  }

  /// Whether the client has route configurations and has not asked for their virtual hosts yet.
  var isAboutToAskForVirtualHosts: Bool {
    !asks(for: .virtualHost) && !heldRoutesWithVirtualHosts.isEmpty
  }

  private var heldRoutesWithVirtualHosts: [Resource] {
    channel(of: .routes) { $0.holdings.byName.values.filter(\.awaitsVirtualHosts) } ?? []
  }
}
