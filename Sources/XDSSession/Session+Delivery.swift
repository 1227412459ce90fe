import HashTreeCollections
import Snapshots

// Makes a response of what was gathered, and notes what it does to the client.
extension Session {
  mutating func deliver(_ gathered: Delivery, _ index: Int) -> Response? {
    let delivery = withoutEarlyRemovals(gathered, index)
    let isOwed = channels[index].owesAnswer && !channels[index].isWaiting
    let isVersionDue = channels[index].isVersionDue
    guard !delivery.isEmpty || isOwed || isVersionDue else { return nil }
    channels[index].owesAnswer = false
    if isVersionDue { channels[index].owesVersion = false }
    var flight = Flight(nonce: "\(nextNumber())", revision: snapshot.revision)
    let isPut = takeAll(delivery.sent, index)
    for resource in delivery.sent { send(resource, index, &flight, isPut: isPut) }
    for name in delivery.removed { remove(name, index, &flight) }
    share(index)
    if !channels[index].due.isEmpty { flight.committed = channels[index].takeDue(flight.names) }
    channels[index].flights.append(flight)
    channels[index].lastNonce = flight.nonce
    channels[index].standing.sent = flight.revision
    return response(to: delivery, flight, index)
  }

  /// Keeps removals back while additions of a type that changes at once must wait; of virtual hosts
  /// only those of the same route configuration.
  private mutating func withoutEarlyRemovals(_ delivery: Delivery, _ index: Int) -> Delivery {
    guard channels[index].type?.changesAtOnce == true, !delivery.blockers.isEmpty else {
      return delivery
    }
    var rest = delivery
    rest.removed = []
    let owners = Set(delivery.held.map { ResourceKey(.virtualHost, $0).owner })
    for name in delivery.removed {
      let isConcerned =
        channels[index].type != .virtualHost
        || owners.contains(ResourceKey(.virtualHost, name).owner)
      if isConcerned, channels[index].holdings.mayInclude(name) {
        channels[index].waiting.insert(name)
      } else {
        rest.removed.append(name)
      }
    }
    return rest
  }

  /// Notes at once that a client which had nothing has all that there is of a type.
  ///
  /// - Returns: Whether that is so.
  private mutating func takeAll(_ resources: [Resource], _ index: Int) -> Bool {
    guard let type = channels[index].type, resources.count > 1,
      resources.count == snapshot[type].count, channels[index].holdings.isEmpty
    else { return false }
    channels[index].holdings = Holdings(all: snapshot[type])
    return true
  }

  /// `isPut` says whether it is among what the client has already.
  private mutating func send(
    _ resource: Resource,
    _ index: Int,
    _ flight: inout Flight,
    isPut: Bool
  ) {
    let isNew = isPut || !channels[index].holdings.mayInclude(resource.name)
    flight.sent.append(resource.name)
    if !isPut {
      channels[index].holdings.settle(resource.name, by: &flight)
      if let former = channels[index].holdings.put(resource) { replace(former, index, &flight) }
    }
    needs.retain(resource)
    if resource.type == .cluster {
      warming.sent(resource, isNew: isNew)
      sendAssignments(of: resource)
    } else if resource.type == .endpoints {
      warming.sent(assignment: resource.name)
    } else if resource.type == .routes {
      sendVirtualHosts(of: resource)
    }
  }

  private mutating func replace(_ former: Resource, _ index: Int, _ flight: inout Flight) {
    if channels[index].holdings.refused.remove(former.name) == nil {
      flight.replaced.append(former)
    } else {
      needs.release(former)
    }
  }

  /// Lets the assignment follow its cluster: a client that warms the cluster anew waits for it, but
  /// does not ask for it again.
  private mutating func sendAssignments(of cluster: Resource) {
    guard let index = index(of: .endpoints) else { return }
    for key in cluster.needs where key.type == .endpoints && snapshot[key] != nil {
      if channels[index].subscription.covers(key.name) { channels[index].asked.insert(key.name) }
    }
  }

  private mutating func remove(_ name: String, _ index: Int, _ flight: inout Flight) {
    flight.removed.append(name)
    let isUsedOn = channels[index].type?.isUsedUntilDropped == true
    if !isUsedOn { channels[index].holdings.settle(name, by: &flight) }
    guard let removed = channels[index].holdings.remove(name) else { return }
    if isUsedOn, !channels[index].holdings.refused.contains(name) {
      keep(removed, index)
    } else {
      replace(removed, index, &flight)
    }
    if removed.type == .cluster { warming.removed(removed) }
  }

  private func response(to delivery: Delivery, _ flight: Flight, _ index: Int) -> Response {
    let isWhole =
      dialect == .stateOfTheWorld && channels[index].type?.isWholeInStateOfTheWorld == true
    return Response(
      typeURL: channels[index].url,
      type: channels[index].type,
      version: isWhole ? version(ofWhole: channels[index]) : channels[index].version,
      nonce: flight.nonce,
      revision: flight.revision,
      committed: flight.committed,
      resources: isWhole ? Array(channels[index].holdings.byName.values) : delivery.sent,
      removed: dialect == .delta ? delivery.removed : []
    )
  }

  /// The version of what a client has of a type that goes out whole, by which it is recalled when it
  /// reconnects: beside the snapshot's there may be resources that something still needs.
  private func version(ofWhole channel: Channel) -> String {
    guard let type = channel.type else { return channel.version }
    let kept = channel.holdings.byName.values.filter { snapshot[type][$0.name] == nil }
    var rest = channel.holdings.fingerprint
    for resource in kept { rest -= resource.fingerprint }
    guard !kept.isEmpty, rest == snapshot[type].fingerprint else { return channel.version }
    return snapshot[type].version(with: kept) ?? channel.version
  }

  /// Shares the structure of the snapshot where the client has the same as that.
  mutating func share(_ index: Int) {
    guard let type = channels[index].type else { return }
    channels[index].holdings.share(snapshot[type])
  }
}

extension Channel {
  /// Whether something could not be sent yet.
  fileprivate var isWaiting: Bool { !asked.isEmpty || !changed.isEmpty || !waiting.isEmpty }
}
