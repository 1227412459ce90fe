package import HashTreeCollections
package import Snapshots

/// The xDS protocol on one stream, as a value: what happens goes in, what to do comes out.
///
/// It performs no I/O and knows no clock. It orders what it sends by what resources say they need,
/// and knows nothing else of them but names and versions. An event costs work in proportion to what
/// it changes on this stream, except that a view whose `changed` is nil costs a comparison of
/// everything, and a state-of-the-world response of clusters or listeners lists all of them.
///
/// Source: Envoy, "xDS REST and gRPC protocol".
package struct Session: Sendable {
  /// What can happen to a stream.
  package enum Event: Sendable {
    case request(Request)
    /// A newer view of the board, since the posting of the one before.
    case view(SnapshotBoard.View)
    case timer(Timer)
  }

  /// How many types a client may ask for: several times as many as Envoy knows.
  static let typeLimit = 64
  /// How many responses of one type may be unanswered: far more than a client asks for at once.
  static let flightLimit = 10_000

  let dialect: Dialect
  /// Whether the client asks on this stream for all types.
  let isAggregated: Bool
  var snapshot: Snapshot
  /// What a client that reconnects may have.
  var former: FormerSnapshots
  /// The types asked for, in the order in which changes are sent.
  var channels: [Channel] = []
  /// What the client needs of what it may be using.
  var needs = Needs()
  var warming = Warming()
  var following = VirtualHostFollowing()
  /// The timer that lets the next clusters go without an ACK.
  var pushTimer: Int?
  /// Set once a client that reconnects has had the time to say what it holds of each type.
  private(set) var hasSettled = false
  /// That moment was asked for.
  var isSettleDue = false
  /// Numbers nonces and timers.
  private var lastNumber = 0

  /// `isAggregated` is false on a stream of a service of one type.
  package init(_ dialect: Dialect, view: SnapshotBoard.View, isAggregated: Bool = true) {
    self.dialect = dialect
    self.isAggregated = isAggregated
    snapshot = view.snapshot
    former = view.former
  }

  /// Takes in an event and says what to do about it, in full: a session has no other output.
  package mutating func handle(_ event: Event) -> Output {
    var output = Output()
    switch event {
    case .request(let request): receive(request, &output)
    case .view(let view): update(to: view)
    case .timer(let timer): fire(timer)
    }
    flush(&output)
    if channels.contains(where: { $0.flights.count > Self.flightLimit }) {
      output.excess = .unansweredResponses
    }
    settle()
    return output
  }

  /// How far the client is with each type that it has asked for.
  package var standings: ByType<ProxyStanding> { byType { channels[$0].standing } }

  /// What the client has of each type that it has asked for, as far as this stream knows; not what
  /// the client may have beside it.
  package var holdings: ByType<TreeDictionary<String, Resource>> {
    byType { channels[$0].holdings.byName }
  }

  /// Whether the client has all that it should have of each type that it has asked for.
  ///
  /// It may have more: what it uses on although that is gone, as a listener that drains uses clusters.
  package var progress: ByType<StreamProgress> { byType { progress(at: $0) } }

  /// `value` is told the place of a type's channel.
  private func byType<Value>(_ value: (Int) -> Value) -> ByType<Value> {
    var values = ByType<Value>()
    values.reserveCapacity(channels.count)
    for index in channels.indices {
      if let type = channels[index].type { values.append(value(index), for: type) }
    }
    return values
  }

  /// The revision that the client should have.
  package var revision: Int { snapshot.revision }

  mutating func nextNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  /// Counts a revision that changes nothing for the client as one that it has.
  private mutating func settle() {
    for index in channels.indices where progress(at: index) == .current {
      channels[index].standing.acked = snapshot.revision
    }
  }
}

extension Session {
  private func progress(at index: Int) -> StreamProgress {
    let progress = channels[index].progress
    guard progress == .pending, let type = channels[index].type, onlyWithholds(at: index) else {
      return progress
    }
    let users = type.users.compactMap { self.index(of: $0) }
    return users.allSatisfy { self.progress(at: $0) == .current } ? .current : .pending
  }

  /// Whether all that is left to do is to take away what the client may still be using.
  private func onlyWithholds(at index: Int) -> Bool {
    guard channels[index].hasOnlyWaiting, let type = channels[index].type else { return false }
    return channels[index].waiting.allSatisfy { snapshot[type][$0] == nil }
  }

  func index(of type: ResourceType) -> Int? { channels.firstIndex { $0.type == type } }

  /// Reads of a type's channel, if the client asks for the type: a channel is large to be copied.
  func channel<Value>(of type: ResourceType, _ read: (borrowing Channel) -> Value) -> Value? {
    index(of: type).map { read(channels[$0]) }
  }

  func asks(for type: ResourceType) -> Bool { index(of: type) != nil }

  /// Whether the client, once it asks for assignments, needs this one whatever it has: it was just
  /// sent the cluster, or it is warming clusters.
  ///
  /// Of those it says nothing before they are warm. It says that it has the assignments, and so it
  /// has, but the clusters wait for them to be sent again: Envoy 1.40 for 15 seconds.
  func mustSend(assignment name: String) -> Bool {
    isAggregated && !asks(for: .cluster) || warming.isMissing(assignment: name)
  }

  /// What the snapshot has of a channel's type.
  func resource(_ name: String, in index: Int) -> Resource? {
    channels[index].type.flatMap { snapshot[$0][name] }
  }

  private mutating func fire(_ timer: Timer) {
    switch timer {
    case .hold(let number):
      warming.fired(number, beforeClusters: !asks(for: .cluster))
    case .push(let number):
      guard number == pushTimer else { return }
      pushTimer = nil
      guard let index = index(of: .cluster) else { return }
      channels[index].isOverdue = true
    case .settle:
      for index in channels.indices { channels[index].isSettling = false }
      hasSettled = true
    }
  }
}
