/// One change to a scene; the number makes new names, and what it moves goes to one upstream.
enum Step: String, CaseIterable {
  case routesMove = "routes move to new services"
  case servicesAreRenamed = "services are renamed"
  case endpointsAreReplaced = "endpoints are replaced"
  case clustersChange = "services change their timeouts"
  case manyChange = "500 objects change"
  case gatewayIsRenamed = "the gateway is renamed"
  case gatewayIsRenamedAsRoutesMove = "the gateway is renamed, and routes move to new services"
  case kindsChange = "services with addresses, names and health checks take turns"
  case routeIsDeleted = "a route is deleted in front of another"
  case routeIsAdded = "a route is added in front of another"
  case unusedAreDeleted = "services without routes are deleted"

  func apply(to scene: inout Scene, number: Int, upstream: Int) {
    switch self {
    case .routesMove: scene.moveRoutes(number, upstream)
    case .servicesAreRenamed: scene.renameServices(number)
    case .endpointsAreReplaced: scene.replaceEndpoints(upstream)
    case .clustersChange: scene.changeClusters(number)
    case .manyChange: scene.changeMany(number, upstream)
    case .gatewayIsRenamed: scene.gateway = "gateway-\(number)"
    case .gatewayIsRenamedAsRoutesMove:
      scene.gateway = "gateway-\(number)"
      scene.moveRoutes(number, upstream)
      scene.deleteUnused()
    case .kindsChange: scene.changeKinds(number, upstream)
    case .routeIsDeleted: scene.routes["a-deep"] = nil
    case .routeIsAdded: scene.addDeepRoute(number, upstream)
    case .unusedAreDeleted: scene.deleteUnused()
    }
  }
}

extension Scene {
  private static let hosts = ["a", "b", "c", "d"]
  /// What the load is to ask for: two paths a host.
  static let targets = hosts.flatMap { host in
    ["/top", "/deep/path"].map { Target(host: "\(host).example.com", path: $0) }
  }

  /// A route for each target, all to one service.
  static var first: Scene {
    var scene = Scene()
    scene.services["service-0"] = Service(upstream: 0)
    for host in hosts {
      for (suffix, prefix) in [("", "/"), ("-deep", "/deep")] {
        scene.routes[host + suffix] = Route(
          host: "\(host).example.com",
          prefix: prefix,
          service: "service-0"
        )
      }
    }
    return scene
  }

  /// The names of the routes that the load asks for, in order.
  private var asked: [String] { routes.keys.filter { !$0.hasPrefix("many-") }.sorted() }

  /// The names of the services that answer the load, in order.
  private var used: [String] { Set(asked.compactMap { routes[$0]?.service }).sorted() }

  /// Every second route gets a service of its own, of each kind in turn.
  fileprivate mutating func moveRoutes(_ number: Int, _ upstream: Int) {
    for (index, route) in asked.enumerated() where (index + number).isMultiple(of: 2) {
      let name = "service-\(number)-\(index)"
      let kind = Kind.allCases[(index / 2 + number) % Kind.allCases.count]
      services[name] = Service(upstream: upstream, kind: kind)
      routes[route]?.service = name
    }
  }

  fileprivate mutating func renameServices(_ number: Int) {
    for (index, name) in used.enumerated() {
      let renamed = "renamed-\(number)-\(index)"
      services[renamed] = services.removeValue(forKey: name)
      for route in routes.keys where routes[route]?.service == name {
        routes[route]?.service = renamed
      }
    }
  }

  fileprivate mutating func replaceEndpoints(_ upstream: Int) {
    for name in used { services[name]?.upstream = upstream }
  }

  fileprivate mutating func changeClusters(_ number: Int) {
    for name in used { services[name]?.timeout = 1 + number % 9 }
  }

  /// Adds, or changes, 250 routes to as many services; one of the load's routes goes to one of these.
  fileprivate mutating func changeMany(_ number: Int, _ upstream: Int) {
    for index in 0..<250 {
      let name = "many-\(index)"
      services[name] = Service(upstream: upstream, timeout: 1 + number % 9)
      routes[name] = Route(
        host: "many-\(index % 50).example.com",
        prefix: "/\(index)",
        service: name,
        timeout: 1 + number % 9
      )
    }
    routes["b"]?.service = "many-\(number % 250)"
  }

  fileprivate mutating func changeKinds(_ number: Int, _ upstream: Int) {
    for (index, name) in used.enumerated() {
      services[name]?.kind = Kind.allCases[(index + number) % Kind.allCases.count]
      services[name]?.upstream = upstream
    }
  }

  fileprivate mutating func addDeepRoute(_ number: Int, _ upstream: Int) {
    services["deep-\(number)"] = Service(upstream: upstream, kind: .name)
    routes["a-deep"] = Route(host: "a.example.com", prefix: "/deep", service: "deep-\(number)")
  }

  fileprivate mutating func deleteUnused() {
    let named = Set(routes.values.map(\.service))
    services = services.filter { named.contains($0.key) }
  }
}
