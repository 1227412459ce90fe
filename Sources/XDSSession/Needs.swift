import Snapshots

/// Counts which resources are needed by something the client may be using.
struct Needs: Sendable {
  private var counts: [ResourceKey: Int] = [:]

  func contains(_ key: ResourceKey) -> Bool { counts[key] != nil }

  mutating func retain(_ resource: Resource) {
    for key in resource.needs { counts[key, default: 0] += 1 }
  }

  mutating func release(_ resource: Resource) {
    for key in resource.needs {
      guard let count = counts[key] else { continue }
      counts[key] = count > 1 ? count - 1 : nil
    }
  }
}

extension ResourceType {
  /// The types whose resources may need one of this type.
  var users: [ResourceType] {
    switch self {
    case .secret: [.cluster, .listener]
    case .cluster: [.listener, .routes, .virtualHost]
    case .endpoints: [.cluster]
    case .routes: [.listener]
    case .listener, .virtualHost: []
    }
  }

  /// Whether the additions and removals of one change go out in one response.
  ///
  /// A listener cannot take over the port of one that is removed later, nor a virtual host a domain.
  var changesAtOnce: Bool { self == .listener || self == .virtualHost }

  /// Whether a client that was told of a removal goes on using the resource until it drops the name.
  ///
  /// A listener that is gone drains: its connections live on, with its route configuration, and
  /// Envoy ignores that this was removed.
  var isUsedUntilDropped: Bool { self == .routes }

  /// Whether a client that refuses a response with one resource has taken nothing of it.
  var isTakenWhole: Bool { self == .routes || self == .endpoints }

  /// Whether a resource of the type is held until the clusters that it needs are ready.
  var waitsForClusters: Bool {
    switch self {
    case .listener, .routes, .virtualHost: true
    case .secret, .cluster, .endpoints: false
    }
  }
}
