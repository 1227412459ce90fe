import Snapshots

/// Which resources of one type a client wants.
struct Subscription: Sendable {
  private enum Wildcard {
    case no
    /// By naming nothing in the first request.
    case legacy
    /// By the name `*`.
    case explicit
  }

  /// The effect of a request.
  struct Change: Equatable {
    /// Names wanted that were not, or that are asked for again.
    var asked: Set<String> = []
    /// Names no longer wanted.
    var dropped: Set<String> = []
    /// All resources are wanted that were not, or are asked for again.
    var asksAll = false
    /// Of all resources, only those named are still wanted.
    var dropsUnnamed = false
  }

  private(set) var names: Set<String> = []
  private var wildcard = Wildcard.no
  /// State of the world: what the last request named, as it came; most requests only repeat it.
  private var list: [String] = []

  var isWildcard: Bool { wildcard != .no }

  func covers(_ name: String) -> Bool { isWildcard || names.contains(name) }
}

// State of the world: each request names everything.
extension Subscription {
  /// Takes a request's list, of which `*` and, at first, the empty one mean everything.
  ///
  /// `allByNone` says whether naming nothing in the first request means everything.
  mutating func replace(with list: [String], isFirst: Bool, allByNone: Bool) -> Change {
    if list.isEmpty, isFirst, allByNone {
      wildcard = .legacy
      return Change(asksAll: true)
    }
    if list.isEmpty, wildcard == .legacy || names.isEmpty && wildcard == .no { return Change() }
    if list == self.list { return Change() }
    self.list = list
    return replace(with: Set(list))
  }

  private mutating func replace(with list: Set<String>) -> Change {
    var named = list
    let all = named.remove("*") != nil
    var change = Change(
      asked: named.subtracting(names),
      dropped: names.subtracting(named),
      asksAll: all && !isWildcard,
      dropsUnnamed: !all && isWildcard
    )
    if all { change.dropped = [] }
    // What the wildcard has brought already is not asked for.
    if all && isWildcard { change.asked = [] }
    names = named
    wildcard = all ? .explicit : .no
    return change
  }
}

// Delta: each request says what changes.
extension Subscription {
  /// Takes a request's two lists, of which the unsubscribed names come first.
  ///
  /// `allByNone` says whether naming nothing in the first request means everything.
  mutating func apply(
    subscribe: [String],
    unsubscribe: [String],
    isFirst: Bool,
    allByNone: Bool
  ) -> Change {
    if isFirst, allByNone, subscribe.isEmpty, unsubscribe.isEmpty {
      wildcard = .legacy
      return Change(asksAll: true)
    }
    var change = Change()
    for name in unsubscribe { remove(name, &change) }
    for name in subscribe { add(name, &change) }
    return change
  }

  private mutating func remove(_ name: String, _ change: inout Change) {
    if name == "*" {
      change.dropsUnnamed = change.dropsUnnamed || isWildcard
      wildcard = .no
    } else if names.remove(name) != nil {
      change.dropped.insert(name)
      // The client cannot know whether the wildcard covers the name: it must be told.
      if isWildcard { change.asked.insert(name) }
    }
  }

  private mutating func add(_ name: String, _ change: inout Change) {
    if name == "*" {
      wildcard = .explicit
      change.asksAll = true
    } else {
      names.insert(name)
      change.asked.insert(name)
    }
  }
}

extension ResourceType {
  /// Whether a first request that names nothing asks for every resource of the type.
  ///
  /// Source: Envoy, "xDS REST and gRPC protocol", section "How the client specifies what resources
  /// to return". Envoy asks for the virtual hosts of all route configurations in the same way.
  func isAllByNone(in dialect: Dialect) -> Bool {
    switch self {
    case .cluster, .listener: true
    case .virtualHost: dialect == .delta
    case .secret, .endpoints, .routes: false
    }
  }
}
