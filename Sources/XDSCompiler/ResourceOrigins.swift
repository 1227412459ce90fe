package import Model
package import Snapshots

extension ResourceKey {
  /// The route configuration of a gateway with its virtual hosts in it.
  static func wholeRoutes(of gateway: String) -> ResourceKey { ResourceKey(.routes, gateway) }

  /// The route configuration of a gateway whose virtual hosts are resources of their own.
  ///
  /// Under one name a route configuration must not become the other kind: Envoy drops the hosts that
  /// it has, and serves nothing until the others come.
  static func hostwiseRoutes(of gateway: String) -> ResourceKey {
    ResourceKey(.routes, gateway + "/vhds")
  }

  /// A domain on a gateway.
  static func virtualHost(_ domain: String, of gateway: String) -> ResourceKey {
    ResourceKey(.virtualHost, "\(hostwiseRoutes(of: gateway).name)/\(domain)")
  }

  /// The object that the resource is made for and named after; nil for a type without such.
  package var namesake: ObjectKey? {
    switch type {
    case .cluster, .endpoints: ObjectKey(.service, name)
    // All are `GATEWAY`, or begin with `GATEWAY/`.
    case .listener, .routes, .virtualHost: ObjectKey(.gateway, String(name.prefix { $0 != "/" }))
    case .secret: nil
    }
  }

  /// Whether the resource has that route in it.
  package func holds(_ route: Route) -> Bool {
    guard let gateway = namesake?.name, route.gateways?.contains(gateway) ?? true else {
      return false
    }
    switch type {
    case .routes: return self == .wholeRoutes(of: gateway)
    case .virtualHost: return route.domains.contains { self == .virtualHost($0, of: gateway) }
    case .secret, .cluster, .endpoints, .listener: return false
    }
  }
}
