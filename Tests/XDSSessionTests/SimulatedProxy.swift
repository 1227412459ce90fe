import HashTreeCollections
import Snapshots

@testable import XDSSession

/// A proxy that does what Envoy does with what it is sent, and remembers what went wrong.
struct SimulatedProxy {
  let dialect: Dialect
  /// What it has of each type.
  var has: [ResourceType: [String: Resource]] = [:]
  /// What it says that it has when it connects again: not what it took of a rejected response.
  private var versions: [ResourceType: String] = [:]
  /// What it dropped since it was told that version.
  private var dropped: [ResourceType: Set<String>] = [:]
  private var doubtful: Set<ResourceKey> = []
  /// Clusters that wait for an assignment sent after them.
  private(set) var awaiting: Set<String> = []
  /// Clusters that have never been ready.
  private var cold: Set<String> = []
  /// Requests that were not sent yet, oldest first.
  var requests: [Request] = []
  /// ACKs of clusters, which are not given before all are warm.
  private var clusterAcks: [Request] = []
  /// It has had clusters, and all warm: only then does it ask for listeners.
  private var isStarted = false
  /// It has had a route configuration whose virtual hosts are resources of their own.
  private var asksForVirtualHosts = false
  private var names: [ResourceType: Set<String>] = [:]
  private var nonces: [ResourceType: String] = [:]
  /// Virtual hosts that were sent after their route configuration: the others it drops, and says
  /// nevertheless that it has them.
  private(set) var serving: [String: Resource] = [:]
  /// What must not happen.
  private(set) var faults: [String] = []

  init(_ dialect: Dialect) { self.dialect = dialect }

  func has(_ type: ResourceType) -> [String: Resource] { has[type] ?? [:] }

  private static let types: [ResourceType] = [
    .cluster, .endpoints, .listener, .routes, .virtualHost,
  ]
}

// Asking.
extension SimulatedProxy {
  /// Opens a new stream: asks for all types in one burst.
  mutating func connect() {
    let isWarming = !clusterAcks.isEmpty
    requests = []
    clusterAcks = []
    nonces = [:]
    names = [:]
    for type in Self.types where isStarted || type < .listener {
      names[type] = wanted(type)
      guard type == .virtualHost ? asksForVirtualHosts : isWildcard(type) || !wanted(type).isEmpty
      else { continue }
      // Envoy does not ask for clusters while it warms some.
      if type == .cluster, isWarming {
        clusterAcks.append(first(type))
      } else {
        requests.append(first(type))
      }
    }
    giveClusterAcks()
  }

  private func isWildcard(_ type: ResourceType) -> Bool {
    type == .cluster || type == .listener || type == .virtualHost
  }

  /// The names that what it has needs.
  private func wanted(_ type: ResourceType) -> Set<String> {
    let users: ResourceType = type == .endpoints ? .cluster : .listener
    guard !isWildcard(type) else { return [] }
    return Set(has(users).values.flatMap(\.needs).filter { $0.type == type }.map(\.name))
  }

  private func first(_ type: ResourceType) -> Request {
    let list = (names[type] ?? []).sorted()
    guard dialect == .delta else {
      return Request(type.url, .whole(names: list, version: versions[type] ?? ""))
    }
    var holding: [String: String] = [:]
    for (name, resource) in has(type) where !doubtful.contains(ResourceKey(type, name)) {
      holding[name] = "\(resource.version)"
    }
    return Request(type.url, .change(subscribe: list, holding: holding))
  }

  /// Tells what it wants now, if that has changed.
  private mutating func ask(_ type: ResourceType) {
    let (old, new) = (names[type] ?? [], wanted(type))
    guard old != new else { return }
    names[type] = new
    has[type] = has(type).filter { new.contains($0.key) }
    if type == .routes {
      serving = serving.filter { new.contains($0.value.key.owner ?? "") }
    }
    dropped[type, default: []].formUnion(old.subtracting(new))
    // Envoy goes on saying the version: what it drops, wants again and loses with the stream before
    // it is told a new version is then not sent (X15).
    if dropped[type]?.isDisjoint(with: new) == false { versions[type] = nil }
    let nonce = nonces[type] ?? ""
    let want: Request.Want =
      dialect == .delta
      ? .change(
        subscribe: new.subtracting(old).sorted(),
        unsubscribe: old.subtracting(new).sorted()
      )
      : .whole(names: new.sorted(), version: versions[type] ?? "")
    requests.append(Request(type.url, want, nonce: dialect == .delta ? "" : nonce))
  }

  private func answer(_ type: ResourceType, _ response: Response, error: String?) -> Request {
    let list = (names[type] ?? []).sorted()
    return Request(
      type.url,
      dialect == .delta ? .change() : .whole(names: list, version: response.version),
      nonce: response.nonce,
      error: error
    )
  }
}

// Taking.
extension SimulatedProxy {
  /// Takes a response, or refuses it; of clusters in delta it takes a part nevertheless.
  mutating func take(_ response: Response, rejecting: Bool) {
    guard let type = response.type else { return }
    nonces[type] = response.nonce
    if rejecting {
      if type == .cluster, dialect == .delta { takeHalf(response) }
      give(answer(type, response, error: "refused"), type)
    } else {
      for resource in response.resources where isWildcard(type) || names(type, resource.name) {
        take(resource)
      }
      for name in gone(response, type) { drop(ResourceKey(type, name)) }
      versions[type] = response.version
      dropped[type] = nil
      give(answer(type, response, error: nil), type)
    }
    ask(.endpoints)
    ask(.routes)
    giveClusterAcks()
  }

  private func names(_ type: ResourceType, _ name: String) -> Bool {
    names[type]?.contains(name) == true
  }

  private mutating func give(_ answer: Request, _ type: ResourceType) {
    guard type == .cluster else { return requests.append(answer) }
    // In state of the world Envoy keeps only the last of the requests that it holds back.
    if dialect == .stateOfTheWorld { clusterAcks = [] }
    clusterAcks.append(answer)
  }

  private mutating func takeHalf(_ response: Response) {
    for resource in response.resources.prefix(response.resources.count / 2) {
      take(resource)
      doubtful.insert(resource.key)
    }
  }

  private func gone(_ response: Response, _ type: ResourceType) -> [String] {
    guard dialect == .stateOfTheWorld, isWildcard(type) else { return response.removed }
    let sent = Set(response.resources.map(\.name))
    return has(type).keys.filter { !sent.contains($0) }
  }

  private mutating func take(_ resource: Resource) {
    let former = has(resource.type)[resource.name]
    has[resource.type, default: [:]][resource.name] = resource
    doubtful.remove(resource.key)
    switch resource.type {
    case .cluster:
      guard former?.version != resource.version else { return }
      if former == nil { cold.insert(resource.name) }
      if resource.needs.isEmpty {
        cold.remove(resource.name)
      } else {
        awaiting.insert(resource.name)
      }
    case .endpoints: warm(resource.name)
    case .listener: check(resource)
    case .routes:
      check(resource)
      askForVirtualHosts(of: resource, former)
    case .virtualHost:
      check(resource)
      if has(.routes)[resource.key.owner ?? ""] != nil { serving[resource.name] = resource }
    case .secret: break
    }
  }

  private mutating func askForVirtualHosts(of routes: Resource, _ former: Resource?) {
    guard routes.awaitsVirtualHosts else { return }
    if former == nil { serving = serving.filter { $0.value.key.owner != routes.name } }
    if !asksForVirtualHosts { requests.append(first(.virtualHost)) }
    asksForVirtualHosts = true
  }

  private mutating func warm(_ name: String) {
    awaiting.remove(name)
    if has(.cluster)[name]?.warmsBeyondAssignment != true { cold.remove(name) }
  }

  private mutating func check(_ resource: Resource) {
    for key in resource.needs where key.type == .cluster {
      if has(.cluster)[key.name] == nil {
        faults.append("\(resource.name) came before its cluster \(key.name)")
      } else if cold.contains(key.name) {
        faults.append("\(resource.name) came before its cluster \(key.name) was ready")
      }
    }
  }

  private mutating func drop(_ key: ResourceKey) {
    if key.type == .endpoints { awaiting.remove(key.name) }
    if key.type == .virtualHost { serving[key.name] = nil }
    guard has[key.type]?.removeValue(forKey: key.name) != nil else { return }
    doubtful.remove(key)
    guard key.type == .cluster else { return }
    awaiting.remove(key.name)
    cold.remove(key.name)
    let users =
      [ResourceType.routes, .listener].flatMap { Array(has($0).values) } + serving.values
    for user in users where user.needs.contains(key) {
      faults.append("the cluster \(key.name) went before \(user.name)")
    }
  }

  private mutating func giveClusterAcks() {
    guard awaiting.isEmpty, !clusterAcks.isEmpty else { return }
    requests += clusterAcks
    clusterAcks = []
    cold = []
    if !isStarted {
      isStarted = true
      requests.append(first(.listener))
    }
  }

  /// Gives up waiting for an assignment, as Envoy does after some time.
  mutating func stopWaiting() {
    awaiting = []
    giveClusterAcks()
  }
}
