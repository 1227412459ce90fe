package import Model
package import Snapshots

extension ResourceKey {
  /// The object that the resource is made for and named after; nil for a type without such.
  package var namesake: ObjectKey? {
    switch type {
    case .cluster, .endpoints: ObjectKey(.service, name)
    // `GATEWAY/ADDRESS:PORT`, `GATEWAY` and `GATEWAY/DOMAIN`.
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
    case .routes: return true
    case .virtualHost: return route.domains.contains { name == "\(gateway)/\($0)" }
    case .secret, .cluster, .endpoints, .listener: return false
    }
  }
}
