package import HashTreeCollections

/// Finds, by name, the objects that a change of another one touches.
package struct DocumentIndex: Sendable {
  /// What two routes must not share, or no request could tell them apart.
  struct RouteIdentity: Hashable {
    var host: String
    var match: RouteMatch
    var priority: Int
  }

  /// Where routes can hide one another.
  struct RoutePlace: Hashable {
    var host: String
    var path: RouteMatch.Path
  }

  /// Names of objects; copies share structure.
  package typealias Names = TreeSet<String>

  private var routesByService: TreeDictionary<String, Names> = [:]
  private var routesByGateway: TreeDictionary<String, Names> = [:]
  private var routesByDomain: TreeDictionary<String, Names> = [:]
  private var routesByIdentity: TreeDictionary<RouteIdentity, Names> = [:]
  private var routesByPlace: TreeDictionary<RoutePlace, Names> = [:]
  private var unusualRoutesByDomain: TreeDictionary<String, Names> = [:]
  private var gatewaysByPort: TreeDictionary<Int, Names> = [:]
  /// The routes that name no gateway, and so are on all of them.
  package private(set) var routesOnEveryGateway: Names = []

  /// The routes that send requests to a service.
  package func routes(toService name: String) -> Names { routesByService[name] ?? [] }

  /// The routes that name a gateway; those that are on every gateway are not among them.
  package func routes(namingGateway name: String) -> Names { routesByGateway[name] ?? [] }

  /// The routes whose hosts have that domain.
  package func routes(onDomain domain: String) -> Names { routesByDomain[domain] ?? [] }

  func gateways(onPort port: Int) -> Names { gatewaysByPort[port] ?? [] }

  func routes(at place: RoutePlace) -> Names { routesByPlace[place] ?? [] }

  /// The routes of a domain that have a priority or a regular expression.
  func unusualRoutes(onDomain domain: String) -> Names { unusualRoutesByDomain[domain] ?? [] }

  func routes(alike identity: RouteIdentity) -> Names { routesByIdentity[identity] ?? [] }

  mutating func replace(_ before: ConfigObject?, with after: ConfigObject?, named name: String) {
    if let before { withdraw(before, named: name) }
    if let after { enter(after, named: name) }
  }

  private mutating func enter(_ object: ConfigObject, named name: String) {
    switch object {
    case .gateway(let gateway): gatewaysByPort[gateway.port, default: []].insert(name)
    case .service: break
    case .route(let route):
      for service in route.services { routesByService[service, default: []].insert(name) }
      for domain in route.domains {
        routesByDomain[domain, default: []].insert(name)
        routesByPlace[RoutePlace(host: domain, path: route.match.path), default: []].insert(name)
        if route.isUnusual { unusualRoutesByDomain[domain, default: []].insert(name) }
      }
      for identity in route.identities { routesByIdentity[identity, default: []].insert(name) }
      for gateway in route.gateways ?? [] { routesByGateway[gateway, default: []].insert(name) }
      if route.gateways == nil { routesOnEveryGateway.insert(name) }
    }
  }

  private mutating func withdraw(_ object: ConfigObject, named name: String) {
    switch object {
    case .gateway(let gateway): gatewaysByPort.remove(name, from: gateway.port)
    case .service: break
    case .route(let route):
      for service in route.services { routesByService.remove(name, from: service) }
      for domain in route.domains {
        routesByDomain.remove(name, from: domain)
        routesByPlace.remove(name, from: RoutePlace(host: domain, path: route.match.path))
        unusualRoutesByDomain.remove(name, from: domain)
      }
      for identity in route.identities { routesByIdentity.remove(name, from: identity) }
      for gateway in route.gateways ?? [] { routesByGateway.remove(name, from: gateway) }
      routesOnEveryGateway.remove(name)
    }
  }
}

extension Route {
  /// The services that it sends requests to, each once.
  package var services: Set<String> { Set(references.map(\.service)) }

  fileprivate var isUnusual: Bool {
    if case .regex = match.path { return true }
    return (priority ?? 0) != 0
  }

  var identities: [DocumentIndex.RouteIdentity] {
    var match = match
    if match.headers == [] { match.headers = nil }
    return domains.map { .init(host: $0, match: match, priority: priority ?? 0) }
  }
}

extension TreeDictionary where Value == TreeSet<String> {
  fileprivate mutating func remove(_ name: String, from key: Key) {
    self[key]?.remove(name)
    if self[key]?.isEmpty == true { self[key] = nil }
  }
}
