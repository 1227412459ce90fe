import HashTreeCollections

/// A route that gets no request of a host, as another one takes them all before it.
package struct HiddenRoute: Hashable, Sendable {
  package var name: String
  package var hidingName: String
  package var host: String
}

extension Document {
  /// The routes that a change, applied to this document, hides or leaves hidden, on which side of it
  /// the changed route may be; sorted, and no more than `limit`.
  ///
  /// It tells what is sure: nothing of what several routes hide together, nor of which strings an
  /// expression takes. Costs the depth of the changed routes' paths; for one of a priority above the
  /// default also the routes of its hosts.
  package func hiddenRoutes(by change: Change, limit: Int = 100) -> [HiddenRoute] {
    var found: Set<HiddenRoute> = []
    for (name, _, after) in change.routes {
      guard let after else { continue }
      for host in after.domains {
        if let hiding = hider(of: after, named: name, on: host) {
          found.insert(HiddenRoute(name: name, hidingName: hiding, host: host))
        }
        for other in candidates(under: after, on: host)
        where found.count < limit && hides(name, other) {
          found.insert(HiddenRoute(name: other, hidingName: name, host: host))
        }
        if found.count >= limit { break }
      }
    }
    return found.sorted { ($0.name, $0.host, $0.hidingName) < ($1.name, $1.host, $1.hidingName) }
  }

  /// The first by name of those that hide a route.
  private func hider(of route: Route, named name: String, on host: String) -> String? {
    for path in route.match.path.covering {
      let rivals = index.routes(at: .init(host: host, path: path))
      if let first = rivals.filter({ hides($0, name) }).min() { return first }
    }
    return nil
  }

  /// All that a route could hide on a host, and more.
  private func candidates(under route: Route, on host: String) -> DocumentIndex.Names {
    if (route.priority ?? 0) > 0 { return index.routes(onDomain: host) }
    return index.unusualRoutes(onDomain: host)
      .union(index.routes(at: .init(host: host, path: route.match.path)))
  }

  private func hides(_ name: String, _ other: String) -> Bool {
    guard name != other, let route = routes[name], let hidden = routes[other] else { return false }
    return RoutePrecedence(of: route, named: name) < RoutePrecedence(of: hidden, named: other)
      && route.isOnGateways(of: hidden) && route.match.covers(hidden.match)
  }
}

extension Route {
  fileprivate func isOnGateways(of other: Route) -> Bool {
    guard let gateways else { return true }
    return other.gateways.map { Set(gateways).isSuperset(of: $0) } ?? false
  }
}

extension RouteMatch {
  /// Whether it takes every request that the other one takes.
  fileprivate func covers(_ other: RouteMatch) -> Bool {
    path.covers(other.path) && coversMethods(of: other)
      && Set(other.headers ?? []).isSuperset(of: headers ?? [])
  }

  private func coversMethods(of other: RouteMatch) -> Bool {
    guard let methods else { return true }
    return other.methods.map { Set(methods).isSuperset(of: $0) } ?? false
  }
}

extension RouteMatch.Path {
  fileprivate func covers(_ other: RouteMatch.Path) -> Bool {
    if self == other || self == .prefix("/") { return true }
    guard case .prefix(let prefix) = self else { return false }
    return switch other {
    case .exact(let path), .prefix(let path): path == prefix || path.hasPrefix(prefix + "/")
    case .regex: false
    }
  }

  /// Itself and the prefixes that cover it, the shortest first.
  fileprivate var covering: [RouteMatch.Path] {
    switch self {
    case .regex: [.prefix("/"), self]
    case .prefix(let path): Self.prefixes(of: path)
    case .exact(let path): Self.prefixes(of: path) + [self]
    }
  }

  private static func prefixes(of path: String) -> [RouteMatch.Path] {
    let ends = path.indices.dropFirst().filter { path[$0] == "/" }
    let whole = path == "/" ? [] : [RouteMatch.Path.prefix(path)]
    return [.prefix("/")] + ends.map { .prefix(String(path[..<$0])) } + whole
  }
}
