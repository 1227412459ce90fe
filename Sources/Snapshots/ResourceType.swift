/// A kind of xDS resource, in the order in which changes are sent (make before break).
///
/// Source of the order: Envoy, "xDS REST and gRPC protocol", section "Eventual consistency
/// considerations".
package enum ResourceType: Int, CaseIterable, Comparable, Sendable {
  case secret, cluster, endpoints, listener, routes, virtualHost

  /// The type URL that requests, responses and `Any` values carry.
  package var url: String {
    switch self {
    case .secret: "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"
    case .cluster: "type.googleapis.com/envoy.config.cluster.v3.Cluster"
    case .endpoints: "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"
    case .listener: "type.googleapis.com/envoy.config.listener.v3.Listener"
    case .routes: "type.googleapis.com/envoy.config.route.v3.RouteConfiguration"
    case .virtualHost: "type.googleapis.com/envoy.config.route.v3.VirtualHost"
    }
  }

  /// Whether a state-of-the-world response must carry every resource the client wants: what it
  /// leaves out is removed.
  package var isWholeInStateOfTheWorld: Bool { self == .cluster || self == .listener }

  /// The type with that URL, or nil for one this control plane does not serve.
  package init?(url: String) {
    guard let type = Self.allCases.first(where: { $0.url == url }) else { return nil }
    self = type
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// What identifies a resource: its type and its name.
package struct ResourceKey: Hashable, Comparable, Sendable {
  package var type: ResourceType
  package var name: String

  package init(_ type: ResourceType, _ name: String) {
    self.type = type
    self.name = name
  }

  /// Of a virtual host, the route configuration that it is of: its name up to the last slash, by
  /// which Envoy finds it; nil for the other types, and if there is no slash.
  package var owner: String? {
    guard type == .virtualHost, let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return nil
    }
    return String(name[..<slash])
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.type, left.name) < (right.type, right.name)
  }
}
