import Snapshots
import Testing

@testable import XDSSession

/// A session, and what a test says to it.
struct Script {
  let dialect: Dialect
  var session: Session
  var current: Snapshot
  var revision = 1
  /// The last nonce of each type.
  var nonces: [ResourceType: String] = [:]
  /// The last version of each type.
  var versions: [ResourceType: String] = [:]
  /// Timers asked for and not fired yet.
  var timers: [Timer] = []
  var outcomes: [Outcome] = []
  var arrivals: [Arrival] = []
  /// Of each response, when the oldest change that it carried was committed.
  var commits: [ContinuousClock.Instant?] = []

  /// `former` are earlier contents of the board, oldest first.
  init(
    _ dialect: Dialect,
    _ resources: [Resource] = [],
    after former: [[Resource]] = [],
    isAggregated: Bool = true
  ) {
    self.dialect = dialect
    current = snapshot(1, resources)
    var view = SnapshotBoard.View(posting: 1, snapshot: current, changed: nil)
    let board = SnapshotBoard()
    for resources in former + [resources] {
      board.post(FleetSnapshots(others: snapshot(1, resources)), changed: nil)
    }
    if let seen = board.view(of: "", since: 0) { view.former = seen.former }
    session = Session(dialect, view: view, isAggregated: isAggregated)
  }

  private mutating func handle(_ event: Session.Event) -> [Sent] {
    let output = session.handle(event)
    timers += output.timers
    outcomes += output.outcomes
    arrivals += output.arrivals
    commits += output.responses.map(\.committed)
    for response in output.responses {
      guard let type = response.type else { continue }
      nonces[type] = response.nonce
      versions[type] = response.version
    }
    return output.responses.map(Sent.init)
  }
}

// What happens to a session.
extension Script {
  mutating func send(_ request: Request) -> [Sent] { handle(.request(request)) }

  /// State of the world: a request with the nonce of the last response.
  mutating func want(_ type: ResourceType, _ names: [String] = [], version: String = "") -> [Sent] {
    send(Request(type.url, .whole(names: names, version: version), nonce: nonces[type] ?? ""))
  }

  /// Delta.
  mutating func subscribe(
    _ type: ResourceType,
    _ names: [String] = [],
    holding: [String: String] = [:]
  ) -> [Sent] {
    send(Request(type.url, .change(subscribe: names, holding: holding)))
  }

  mutating func unsubscribe(_ type: ResourceType, _ names: [String]) -> [Sent] {
    send(Request(type.url, .change(unsubscribe: names)))
  }

  /// Asks for a type in either dialect.
  mutating func ask(_ type: ResourceType, _ names: [String] = []) -> [Sent] {
    dialect == .delta ? subscribe(type, names) : want(type, names)
  }

  /// Delta and wildcard state of the world.
  mutating func ack(_ type: ResourceType, _ names: [String] = []) -> [Sent] {
    answer(type, names, error: nil)
  }

  mutating func nack(_ type: ResourceType, _ names: [String] = []) -> [Sent] {
    answer(type, names, error: "refused")
  }

  private mutating func answer(_ type: ResourceType, _ names: [String], error: String?) -> [Sent] {
    let want: Request.Want = dialect == .delta ? .change() : .whole(names: names)
    return send(Request(type.url, want, nonce: nonces[type] ?? "", error: error))
  }

  /// Posts what differs from the current snapshot: resources to put, keys to take away.
  mutating func post(
    _ put: [Resource] = [],
    without gone: [ResourceKey] = [],
    committed: ContinuousClock.Instant? = nil
  ) -> [Sent] {
    revision += 1
    var next = current
    next.revision = revision
    for key in gone { next[key.type].remove(key.name) }
    for resource in put { next[resource.type].insert(resource) }
    let changed = next.changes(since: current)
    current = next
    return handle(
      .view(
        SnapshotBoard.View(
          posting: revision,
          snapshot: next,
          changed: changed,
          committed: committed
        )
      )
    )
  }

  mutating func fire(_ isFired: (Timer) -> Bool) -> [Sent] {
    guard let index = timers.firstIndex(where: isFired) else {
      Issue.record("The session asked for no such timer")
      return []
    }
    return handle(.timer(timers.remove(at: index)))
  }

  mutating func fireHold() -> [Sent] { fire { if case .hold = $0 { true } else { false } } }
  mutating func firePush() -> [Sent] { fire { if case .push = $0 { true } else { false } } }
}

/// A response in a form that tests can write down.
struct Sent: Equatable, CustomStringConvertible {
  var type: String
  /// The names of what it carries, in order.
  var resources: [String]
  var removed: [String]

  init(_ type: ResourceType, _ resources: [String] = [], removed: [String] = []) {
    self.type = "\(type)"
    self.resources = resources
    self.removed = removed
  }

  init(_ response: Response) {
    type = response.type.map { "\($0)" } ?? response.typeURL
    resources = response.resources.map(\.name).sorted()
    removed = response.removed.sorted()
  }

  var description: String { "\(type)(\(resources), removed: \(removed))" }
}
