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
    guard !isSettleDue, channel(of: .cluster, { $0.waiting.isEmpty }) == false, mayUseAnyCluster
    else { return }
    isSettleDue = true
    output.timers.append(.settle)
  }

  /// Sees to it that clusters that have changed wait for the ACK of others only so long: it may
  /// take as long as the slowest of those warms.
  private mutating func startPushTimer(_ output: inout Output) {
    guard channel(of: .cluster, { !$0.isSettling && !$0.changed.isEmpty }) == true else {
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
    let asked = channels[index].takeAsked()
    let pushed = channels[index].takePushable()
    // What was asked for and must wait stays asked for.
    for name in asked where !judge(name, isAsked: true, index, &delivery) {
      channels[index].asked.insert(name)
    }
    for name in pushed where !asked.contains(name) {
      judge(name, isAsked: false, index, &delivery)
    }
    channels[index].waiting.formUnion(delivery.waiting)
    addUncertain(index, &delivery)
    return delivery
  }

  /// - Returns: Whether the name is settled: it need not wait for clusters.
  @discardableResult
  private mutating func judge(
    _ name: String,
    isAsked: Bool,
    _ index: Int,
    _ delivery: inout Delivery
  ) -> Bool {
    switch verdict(on: name, in: index, isAsked: isAsked) {
    case .hold(let blockers):
      delivery.blockers.formUnion(blockers)
      delivery.held.insert(name)
      if !isAsked { delivery.waiting.insert(name) }
      return false
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
    return true
  }

  /// Adds the names of a rejected response to one that is sent anyway.
  private mutating func addUncertain(_ index: Int, _ delivery: inout Delivery) {
    let uncertain = channels[index].holdings.uncertain
    guard !uncertain.isEmpty, !delivery.isEmpty else { return }
    let done = Set(delivery.sent.map(\.name)).union(delivery.removed)
    for name in uncertain.subtracting(done) where judge(name, isAsked: true, index, &delivery) {
      channels[index].asked.remove(name)
    }
  }
}

extension Channel {
  fileprivate mutating func takeAsked() -> Set<String> {
    defer { asked = [] }
    return asked
  }

  /// Takes the names that may be pushed now: all that wait, unless an ACK is awaited.
  fileprivate mutating func takePushable() -> Set<String> {
    guard flights.isEmpty || isOverdue else { return [] }
    isOverdue = false
    defer {
      changed = []
      waiting = []
    }
    return waiting.isEmpty ? changed : changed.union(waiting)
  }
}
