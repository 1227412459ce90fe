import HashTreeCollections
import Snapshots

// A request: an answer to a response, a change of what the client wants, or both.
extension Session {
  mutating func receive(_ request: Request, _ output: inout Output) {
    let known = channels.firstIndex { $0.url == request.typeURL }
    guard known != nil || channels.count < Self.typeLimit else {
      output.excess = .types
      return
    }
    let index = known ?? open(request.typeURL)
    if known != nil { resolve(request, index, &output) }
    switch request.want {
    case .whole(let names, let version):
      // What a client says before it knows the last response is superseded by its next request.
      let isStale = !request.nonce.isEmpty && request.nonce != channels[index].lastNonce
      if known != nil, isStale { return }
      want(names, version: version, index, isFirst: known == nil)
    case .change(let subscribe, let unsubscribe, let holding):
      change(subscribe, unsubscribe, holding: holding, index, isFirst: known == nil)
    }
    if known == nil, channels[index].isSettling {
      isSettleDue = true
      output.timers.append(.settle)
    }
    hurryClusters(index)
  }

  /// Lets clusters that have changed go at once where the client asks for assignments that the former
  /// ones wait for, and that are gone: it would not answer for those.
  private mutating func hurryClusters(_ index: Int) {
    guard let clusters = self.index(of: .cluster) else { return }
    guard channels[index].type == .endpoints else { return }
    if channels[index].asked.contains(where: { isAwaited($0, in: index) }) {
      channels[clusters].isOverdue = true
    }
  }

  private mutating func open(_ url: String) -> Int {
    let channel = Channel(url: url)
    let index = channels.firstIndex { $0.rank > channel.rank } ?? channels.endIndex
    channels.insert(channel, at: index)
    if channel.type == .cluster { warming.forgetOverdue() }
    return index
  }

  private func isAllByNone(_ index: Int) -> Bool {
    channels[index].type?.isAllByNone(in: dialect) ?? false
  }
}

// State of the world.
extension Session {
  private mutating func want(
    _ names: [String],
    version: String,
    _ index: Int,
    isFirst: Bool
  ) {
    let change = channels[index].subscription.replace(
      with: names,
      isFirst: isFirst,
      allByNone: isAllByNone(index)
    )
    if isFirst { channels[index].saidHoldings = !version.isEmpty }
    if isFirst, believes(version, index) { return adoptAll(index) }
    let hasDropped = change.dropped.contains { channels[index].holdings[$0] != nil }
    apply(change, index)
    if isFirst, !version.isEmpty {
      recall(version, index)
      recallAssignments(index)
    }
    // It goes on naming the version of all.
    if hasDropped { channels[index].makeVersionDue(in: dialect) }
    if isFirst { channels[index].owesAnswer = true }
  }

  /// Whether the client has exactly what it should have, by the version that it names.
  private func believes(_ version: String, _ index: Int) -> Bool {
    let channel = channels[index]
    guard !version.isEmpty, version == "\(wanted(channel).fingerprint)" else { return false }
    return channel.type != .endpoints || !channel.subscription.names.contains(where: mustSend)
  }

  /// What the snapshot has of what a channel wants.
  private func wanted(_ channel: Channel) -> ResourceSet {
    guard let type = channel.type else { return ResourceSet() }
    if channel.subscription.isWildcard { return snapshot[type] }
    var set = ResourceSet()
    for name in channel.subscription.names {
      if let resource = snapshot[type][name] { set.insert(resource) }
    }
    return set
  }

  private mutating func adoptAll(_ index: Int) {
    for resource in wanted(channels[index]).byName.values { adopt(resource, index) }
    share(index)
  }
}

// State of the world: a client that reconnects and has not what it should have.
extension Session {
  /// Finds what a client holds by the version that it names.
  private mutating func recall(_ version: String, _ index: Int) {
    let channel = channels[index]
    guard let type = channel.type, type != .endpoints else { return }
    if channel.subscription.isWildcard, let set = former.set(of: type, version: version) {
      for resource in set.byName.values { recall(resource, index) }
    } else if type != .cluster {
      // It has something, and may go on using any cluster until it has what it is sent now.
      let names = channel.subscription.isWildcard ? channel.asked : channel.subscription.names
      channels[index].holdings.claimed.formUnion(names)
    }
  }

  /// Finds the last assignments of clusters that are gone, while the client warms clusters: it
  /// would wait for theirs in vain, and say nothing of clusters meanwhile.
  private mutating func recallAssignments(_ index: Int) {
    guard channels[index].type == .endpoints else { return }
    for name in channels[index].subscription.names
    where snapshot[.endpoints][name] == nil && mustSend(assignment: name) {
      if let last = former.last(ResourceKey(.endpoints, name)) { adopt(last, index) }
    }
  }

  private mutating func recall(_ resource: Resource, _ index: Int) {
    adopt(resource, index)
    let current = self.resource(resource.name, in: index)
    if current?.version == resource.version { channels[index].asked.remove(resource.name) }
    guard current == nil else { return }
    // It may be needed by what the client will say only next that it holds.
    channels[index].changed.insert(resource.name)
    if resource.type == .cluster { channels[index].isSettling = true }
  }
}

// Delta.
extension Session {
  private mutating func change(
    _ subscribe: [String],
    _ unsubscribe: [String],
    holding: [String: String],
    _ index: Int,
    isFirst: Bool
  ) {
    let change = channels[index].subscription.apply(
      subscribe: subscribe,
      unsubscribe: unsubscribe,
      isFirst: isFirst,
      allByNone: isAllByNone(index)
    )
    apply(change, index)
    guard isFirst else { return }
    channels[index].owesAnswer = true
    channels[index].saidHoldings = !holding.isEmpty
    for (name, version) in holding { claim(name, version, index) }
    if channels[index].type == .virtualHost { noteUnopenedRoutes(index) }
    if !holding.isEmpty, hasAllItWants(index) { channels[index].owesAnswer = false }
    claimStrandedClusters()
    claimDraining(index)
  }

  private func hasAllItWants(_ index: Int) -> Bool {
    channels[index].changed.isEmpty
      && (channels[index].type != .virtualHost || following.unopened.isEmpty)
      && channels[index].asked.allSatisfy { name in
        if case .nothing = verdict(on: name, in: index, isAsked: true) { true } else { false }
      }
  }

  /// Takes the client's word for what it holds.
  private mutating func claim(_ name: String, _ version: String, _ index: Int) {
    guard channels[index].subscription.covers(name) else { return }
    let current = resource(name, in: index)
    if let current, "\(current.version)" == version, !mustSend(current),
      !isStray(current)
    {
      channels[index].asked.remove(name)
      return adopt(current, index)
    }
    channels[index].holdings.claimed.insert(name)
    guard current == nil else { return }
    // It may be needed by what the client will say only next that it holds.
    channels[index].asked.remove(name)
    channels[index].changed.insert(name)
    if channels[index].type == .cluster { channels[index].isSettling = true }
  }

  private func mustSend(_ resource: Resource) -> Bool {
    resource.type == .endpoints && mustSend(assignment: resource.name)
  }

  /// Finds what a client uses on though it took its removal on an earlier stream: it asks for it, but
  /// does not say that it holds it.
  private mutating func claimDraining(_ index: Int) {
    guard channels[index].type?.isUsedUntilDropped == true,
      channels.contains(where: { $0.saidHoldings })
    else { return }
    for name in channels[index].subscription.names
    where resource(name, in: index) == nil {
      channels[index].holdings.claimed.insert(name)
    }
  }

  /// Finds the clusters of a rejected response that a client took nevertheless: it asks for their
  /// assignments, but does not say that it holds them.
  private mutating func claimStrandedClusters() {
    guard let clusters = index(of: .cluster), let assignments = index(of: .endpoints),
      channels[clusters].subscription.isWildcard,
      channels[clusters].saidHoldings || channels[assignments].saidHoldings
    else { return }
    for name in channels[assignments].subscription.names
    where snapshot[.cluster][name] == nil && snapshot[.endpoints][name] == nil
      && !channels[clusters].holdings.mayInclude(name)
    {
      channels[clusters].holdings.claimed.insert(name)
      channels[clusters].changed.insert(name)
    }
  }
}

// Both.
extension Session {
  private mutating func apply(_ change: Subscription.Change, _ index: Int) {
    for name in change.dropped { forget(name, index) }
    if change.dropsUnnamed {
      let named = channels[index].subscription.names
      for name in channels[index].knownNames where !named.contains(name) { forget(name, index) }
    }
    channels[index].asked.formUnion(change.asked)
    if change.asksAll, let type = channels[index].type {
      channels[index].asked.formUnion(snapshot[type].byName.keys)
    }
  }

  /// Notes that the client has a resource, as it says.
  private mutating func adopt(_ resource: Resource, _ index: Int) {
    if let former = channels[index].holdings.put(resource) { needs.release(former) }
    needs.retain(resource)
  }

  /// Notes that the client has dropped a name that it no longer wants.
  private mutating func forget(_ name: String, _ index: Int) {
    if channels[index].type == .routes { dropVirtualHosts(of: name) }
    if let dropped = channels[index].holdings.remove(name) {
      needs.release(dropped)
      if dropped.type == .cluster { warming.removed(dropped) }
    }
    for former in channels[index].holdings.takeFormer(name) { needs.release(former) }
    channels[index].holdings.claimed.remove(name)
    channels[index].holdings.uncertain.remove(name)
    channels[index].holdings.refused.remove(name)
    channels[index].asked.remove(name)
    channels[index].changed.remove(name)
    channels[index].waiting.remove(name)
    channels[index].due[name] = nil
  }
}

extension Channel {
  /// All names that anything is known of.
  fileprivate var knownNames: Set<String> {
    Set(holdings.byName.keys).union(holdings.claimed).union(holdings.uncertain)
      .union(asked).union(changed).union(waiting)
  }
}
