import Snapshots

// Sends what is due, in the order of the types.
extension Session {
  mutating func flush(_ output: inout Output) {
    var blockers: Set<String> = []
    for index in channels.indices where !channels[index].isSettling {
      let delivery = gather(index)
      blockers.formUnion(delivery.blockers)
      if let response = deliver(delivery, index) { output.responses.append(response) }
    }
    startTimers(blockers, &output)
  }

  private mutating func startTimers(_ blockers: Set<String>, _ output: inout Output) {
    if !blockers.isEmpty {
      let number = nextNumber()
      if warming.startTimer(number, for: blockers) { output.timers.append(.hold(number)) }
    }
    startPushTimer(&output)
    startSettling(&output)
  }

  /// Sees to it that clusters which the client may still say that it uses are not kept for ever.
  private mutating func startSettling(_ output: inout Output) {
    guard mayUseAnyCluster, !isSettleDue, channel(of: .cluster)?.waiting.isEmpty == false else {
      return
    }
    isSettleDue = true
    output.timers.append(.settle)
  }

  /// Sees to it that clusters that have changed wait for the ACK of others only so long: it may
  /// take as long as the slowest of those warms.
  private mutating func startPushTimer(_ output: inout Output) {
    guard let clusters = channel(of: .cluster), !clusters.isSettling, !clusters.changed.isEmpty
    else {
      pushTimer = nil
      return
    }
    guard pushTimer == nil else { return }
    let number = nextNumber()
    pushTimer = number
    output.timers.append(.push(number))
  }

  /// Judges every name that is due, and clears the marks of those that are settled by it.
  private mutating func gather(_ index: Int) -> Delivery {
    var delivery = Delivery()
    if channels[index].type == .virtualHost { followRoutes(index) }
    let asked = channels[index].asked
    let pushed = channels[index].takePushable().subtracting(asked)
    for name in asked { judge(name, isAsked: true, index, &delivery) }
    for name in pushed { judge(name, isAsked: false, index, &delivery) }
    channels[index].waiting.formUnion(delivery.waiting)
    addUncertain(index, &delivery)
    return delivery
  }

  private mutating func judge(
    _ name: String,
    isAsked: Bool,
    _ index: Int,
    _ delivery: inout Delivery
  ) {
    switch verdict(on: name, in: channels[index], isAsked: isAsked) {
    case .hold(let blockers):
      delivery.blockers.formUnion(blockers)
      delivery.held.insert(name)
      if !isAsked { delivery.waiting.insert(name) }
      // What was asked for stays asked for.
      return
    case .nothing: channels[index].due[name] = nil
    case .send(let resource): delivery.sent.append(resource)
    case .lend(let resource):
      delivery.sent.append(resource)
      delivery.waiting.insert(name)
    case .remove, .missing: delivery.removed.append(name)
    case .withhold: delivery.waiting.insert(name)
    case .linger:
      channels[index].due[name] = nil
      if let owner = ResourceKey(.virtualHost, name).owner {
        following.lingering[owner, default: []].insert(name)
      }
    }
    channels[index].asked.remove(name)
  }

  /// Adds the names of a rejected response to one that is sent anyway.
  private mutating func addUncertain(_ index: Int, _ delivery: inout Delivery) {
    let uncertain = channels[index].holdings.uncertain
    guard !uncertain.isEmpty, !delivery.isEmpty else { return }
    let done = Set(delivery.sent.map(\.name)).union(delivery.removed)
    for name in uncertain.subtracting(done) {
      judge(name, isAsked: true, index, &delivery)
    }
  }
}

extension Channel {
  /// Takes the names that may be pushed now: all that wait, unless an ACK is awaited.
  fileprivate mutating func takePushable() -> Set<String> {
    guard flights.isEmpty || isOverdue else { return [] }
    isOverdue = false
    defer {
      changed = []
      waiting = []
    }
    return changed.union(waiting)
  }
}
