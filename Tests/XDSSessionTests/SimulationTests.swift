import HashTreeCollections
import Snapshots
import Testing

@testable import XDSSession

/// A simulated proxy against a session, with everything that takes time happening in any order.
struct SimulationTests {
  @Test(arguments: [Dialect.delta, .stateOfTheWorld], [0, 10])
  func `X22: a proxy ends up with its snapshot, in a good order and with no message too many`(
    dialect: Dialect,
    rejections: Int
  ) {
    for seed in 1...400 {
      var simulation = Simulation(dialect, seed: UInt64(seed), rejections: rejections)
      for _ in 1...120 { simulation.step() }
      simulation.finish()
      let faults = simulation.faults
      #expect(faults == [], "seed \(seed)")
      if !faults.isEmpty { return }
    }
  }
}

struct Simulation {
  let dialect: Dialect
  /// How many responses in a hundred the proxy rejects.
  let rejections: Int
  var random: SplitMix
  var proxy: SimulatedProxy
  var session: Session
  var snapshot: Snapshot
  var board = SnapshotBoard()
  /// What was posted, oldest first.
  var history: [Snapshot] = []
  var revision = 1
  /// Responses on their way.
  var responses: [Response] = []
  var timers: [Timer] = []
  /// Route configurations that were sent, and none of their virtual hosts after them.
  var unopened: Set<String> = []
  var faults: [String] = []

  init(_ dialect: Dialect, seed: UInt64, rejections: Int) {
    self.dialect = dialect
    self.rejections = rejections
    random = SplitMix(state: seed)
    proxy = SimulatedProxy(dialect)
    snapshot = Snapshot(revision: 1)
    session = Session(
      dialect,
      view: SnapshotBoard.View(posting: 1, snapshot: snapshot, changed: nil)
    )
    note(snapshot, changed: nil)
    proxy.connect()
  }

  mutating func step() {
    switch random.next(100) {
    case 0..<40: deliverRequest()
    case 40..<80: deliverResponse(rejections: rejections)
    case 80..<92: post(next())
    case 92..<98: fireTimer()
    default: if random.next(4) == 0 { reconnect() }
    }
  }
}

// What can happen.
extension Simulation {
  mutating func deliverRequest() {
    guard !proxy.requests.isEmpty else { return }
    handle(.request(proxy.requests.removeFirst()))
  }

  mutating func deliverResponse(rejections: Int) {
    guard !responses.isEmpty else { return }
    let response = responses.removeFirst()
    // Envoy has no reason to refuse an assignment, and a cluster is ready once it was sent; nor to
    // refuse a route configuration that has only a name.
    let isRefusable =
      response.type != .endpoints && !response.resources.contains(where: \.awaitsVirtualHosts)
    let isRefused = isRefusable && random.next(100) < rejections
    proxy.take(response, rejecting: isRefused)
  }

  mutating func fireTimer() {
    if let index = timers.firstIndex(where: mayFire) { handle(.timer(timers.remove(at: index))) }
  }

  /// A hold that ends would excuse a bad order, and a burst of requests is over before its timer.
  private func mayFire(_ timer: Timer) -> Bool {
    switch timer {
    case .hold: false
    case .push: true
    case .settle: proxy.requests.isEmpty
    }
  }

  mutating func reconnect() {
    responses = []
    timers = []
    if random.next(2) == 0 { restart() }
    session = Session(dialect, view: view)
    unopened = []
    proxy.connect()
  }

  /// Starts with a new board, on which some of the last snapshots are posted again.
  private mutating func restart() {
    board = SnapshotBoard()
    var former: Snapshot?
    for snapshot in history.suffix(8) {
      note(snapshot, changed: former.map(snapshot.changes))
      former = snapshot
    }
  }

  mutating func post(_ next: Snapshot) {
    revision += 1
    let changed = random.next(8) == 0 ? nil : next.changes(since: snapshot)
    snapshot = next
    snapshot.revision = revision
    history.append(snapshot)
    note(snapshot, changed: changed)
    var view = view
    view.changed = changed
    handle(.view(view))
  }

  private func note(_ snapshot: Snapshot, changed: Set<ResourceKey>?) {
    board.post(FleetSnapshots(others: snapshot), changed: changed)
  }

  private var view: SnapshotBoard.View {
    board.view(of: "", since: 0)
      ?? SnapshotBoard.View(posting: 0, snapshot: snapshot, changed: nil)
  }

  private mutating func handle(_ event: Session.Event) {
    let output = session.handle(event)
    for response in output.responses { checkVirtualHosts(response) }
    responses += output.responses
    timers += output.timers
  }
}

// The end.
extension Simulation {
  mutating func finish() {
    // What was rejected is sent again only on another stream.
    if rejections > 0 { reconnect() }
    settle()
    compare()
    let acked = Set(session.standings.values.map(\.acked))
    if acked != [revision] { faults.append("acked \(acked), not \(revision)") }
    post(snapshot)
    if !responses.isEmpty { faults.append("sent \(responses.map(Sent.init)) for nothing") }
    reconnect()
    settle(isQuiet: true)
    compare()
    faults += proxy.faults
  }

  /// Lets everything happen that is under way.
  private mutating func settle(isQuiet: Bool = false) {
    for _ in 1...1000 {
      if isQuiet {
        // A proxy that has nothing cannot say so.
        let needless = responses.filter { $0.type.map(proxy.has)?.isEmpty == false }
        for response in needless {
          faults.append("sent \(Sent(response)) to a proxy that had everything")
        }
      }
      if !responses.isEmpty {
        deliverResponse(rejections: 0)
      } else if !proxy.requests.isEmpty {
        deliverRequest()
      } else if timers.contains(where: mayFire) {
        fireTimer()
      } else if !proxy.awaiting.isEmpty {
        stopWaiting()
      } else {
        return
      }
    }
    faults.append("does not come to rest")
  }

  /// Only a cluster that is gone may be without its assignment for ever.
  private mutating func stopWaiting() {
    for name in proxy.awaiting where snapshot[.cluster][name] != nil {
      faults.append("the cluster \(name) waits for its assignment")
    }
    proxy.stopWaiting()
  }

  private mutating func compare() {
    for type in [ResourceType.cluster, .listener] {
      let has = proxy.has(type).mapValues { "\($0.version)" }
      if has != snapshot[type].versions { faults.append("\(type) \(has.keys.sorted())") }
    }
    for type in [ResourceType.endpoints, .routes] {
      let user: ResourceType = type == .endpoints ? .cluster : .listener
      let names = snapshot[user].byName.values.flatMap(\.needs).filter { $0.type == type }
      let should = Set(names.map(\.name))
      let has = proxy.has(type).mapValues { "\($0.version)" }
      if has != snapshot[type].versions.filter({ should.contains($0.key) }) {
        faults.append("\(type) \(has.keys.sorted()), not \(should.sorted())")
      }
    }
    compareVirtualHosts()
  }
}

extension Simulation {
  private mutating func compareVirtualHosts() {
    let owners = Set(proxy.has(.routes).keys)
    let should = snapshot[.virtualHost].versions.filter { owners.contains(owner(of: $0.key)) }
    let has = proxy.serving.mapValues { "\($0.version)" }
    if has != should {
      faults.append("virtualHost \(has.keys.sorted()), not \(should.keys.sorted())")
    }
    let stray = proxy.has(.virtualHost).keys.filter { !owners.contains(owner(of: $0)) }
    if !stray.isEmpty { faults.append("virtualHost \(stray) without route configuration") }
  }

  /// A listener is in use once the first virtual hosts have come: what came later would be missing.
  fileprivate mutating func checkVirtualHosts(_ response: Response) {
    for resource in response.resources where resource.awaitsVirtualHosts {
      unopened.insert(resource.name)
    }
    guard response.type == .virtualHost else { return }
    let names = Set(response.resources.map(\.name))
    let told = names.union(response.removed).map(owner)
    for routes in unopened.intersection(told) {
      let missing = Set(snapshot[.virtualHost].virtualHosts(of: routes).keys).subtracting(names)
      if !missing.isEmpty { faults.append("\(missing.sorted()) came late") }
      unopened.remove(routes)
    }
  }

  private func owner(of host: String) -> String { ResourceKey(.virtualHost, host).owner ?? "" }
}

// Snapshots that hang together.
extension Simulation {
  /// A snapshot a few changes away.
  mutating func next() -> Snapshot {
    var next = snapshot
    for _ in 0...random.next(3) { change(&next) }
    repair(&next)
    return next
  }

  private mutating func change(_ next: inout Snapshot) {
    let (number, content) = (random.next(4), "\(random.next(3))")
    switch random.next(6) {
    case 0, 1:
      let name = "c\(number)"
      next[.cluster].remove(name)
      if random.next(3) > 0 { next[.cluster].insert(cluster(number, content)) }
    case 2: next[.endpoints].insert(endpoints("c\(number)", content))
    case 3, 4: changeRoutes(&next, number, content)
    default:
      let name = "l\(number)"
      next[.listener].remove(name)
      if random.next(3) > 0 {
        next[.listener].insert(listener(name, content, routes: "r\(random.next(4))"))
      }
    }
  }

  private mutating func changeRoutes(_ next: inout Snapshot, _ number: Int, _ content: String) {
    let clusters = next[.cluster].byName.keys.sorted().filter { _ in random.next(2) == 0 }
    let name = "r\(number)"
    guard isHostwise(name) else {
      return next[.routes].insert(routes(name, to: clusters, content))
    }
    let host = "\(name)/\(random.next(3))"
    next[.virtualHost].remove(host)
    if random.next(3) > 0 {
      next[.virtualHost].insert(virtualHost(host, to: clusters, content))
    } else if random.next(3) == 0 {
      next[.routes].remove(name)
    }
  }

  /// Whether the virtual hosts of that route configuration are resources of their own.
  private func isHostwise(_ routes: String) -> Bool { dialect == .delta && routes > "r1" }

  private func cluster(_ number: Int, _ content: String) -> Resource {
    let name = "c\(number)"
    return switch number {
    case 0: fixedCluster(name, content)
    case 1: XDSSessionTests.cluster(name, content, warmsBeyondAssignment: true)
    default: XDSSessionTests.cluster(name, content)
    }
  }

  /// Makes every need exist, and every assignment have its cluster.
  private func repair(_ next: inout Snapshot) {
    for cluster in next[.cluster].byName.values where !cluster.needs.isEmpty {
      if next[.endpoints][cluster.name] == nil { next[.endpoints].insert(endpoints(cluster.name)) }
    }
    for name in next[.endpoints].byName.keys where next[.cluster][name]?.needs.isEmpty != false {
      next[.endpoints].remove(name)
    }
    for listener in next[.listener].byName.values {
      for key in listener.needs where next[key] == nil {
        next[.routes].insert(isHostwise(key.name) ? hostwiseRoutes(key.name) : routes(key.name))
      }
    }
    for host in next[.virtualHost].byName.values {
      let isOwned = host.key.owner.map { next[.routes][$0] != nil } == true
      if !isOwned { next[.virtualHost].remove(host.name) }
    }
    for resource in Array(next[.routes].byName.values) + next[.virtualHost].byName.values {
      let there = resource.needs.filter { next[$0] != nil }.map(\.name)
      if there.count < resource.needs.count {
        next[resource.type].insert(
          resource.type == .routes
            ? routes(resource.name, to: there) : virtualHost(resource.name, to: there)
        )
      }
    }
  }
}

/// Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func next(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
