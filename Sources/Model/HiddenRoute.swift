import HashTreeCollections

/// A route that gets no request of a host, as another one takes them all before it.
package struct HiddenRoute: Hashable, Sendable {
  package var name: String
  package var hidingName: String
  package var host: String
}

extension Document {
  /// The routes that a change, applied to this document, hides or leaves hidden, on whichever side
  /// of it the changed route is; sorted, and no more than `limit`.
  ///
  /// It tells what is sure: nothing of what several routes hide together, nor of which strings an
  /// expression takes. Costs the depth of the changed routes' paths; a changed route of a priority
  /// above the default is compared with all of its hosts, one of the default with those of them that
  /// have another priority or an expression. After so many comparisons as `effort` allows it tells
  /// what it found until then.
  package func hiddenRoutes(
    by change: Change,
    limit: Int = 100,
    effort: Int = 100_000
  ) -> [HiddenRoute] {
    var search = HiddenRouteSearch(document: self, change: change, limit: limit, effort: effort)
    search.run()
    return search.found.sorted {
      ($0.name, $0.host, $0.hidingName) < ($1.name, $1.host, $1.hidingName)
    }
  }
}

private struct HiddenRouteSearch {
  let document: Document
  let change: Change
  let limit: Int
  /// How many comparisons are left.
  var effort: Int
  var found: Set<HiddenRoute> = []

  private var isOver: Bool { found.count >= limit || effort <= 0 }

  /// What hides the changed routes comes first, as it is found by a few comparisons each.
  mutating func run() {
    forEachPlace { $0.findHider(of: $1, named: $2, on: $3) }
    forEachPlace { $0.findHidden(by: $1, named: $2, on: $3) }
  }

  private mutating func forEachPlace(_ find: (inout Self, Route, String, String) -> Void) {
    for (name, _, after) in change.routes {
      guard let after else { continue }
      for host in after.domains where !isOver { find(&self, after, name, host) }
    }
  }

  /// Notes the first by name of those of the shortest path that hide a route.
  private mutating func findHider(of route: Route, named name: String, on host: String) {
    for path in route.match.path.covering {
      var first: String?
      for rival in document.index.routes(at: .init(host: host, path: path)) {
        if isOver { break }
        if hides(rival, name) { first = min(first ?? rival, rival) }
      }
      if let first {
        found.insert(HiddenRoute(name: name, hidingName: first, host: host))
        return
      }
    }
  }

  /// Notes the unchanged routes that a route hides; of the changed ones it is known what hides them.
  private mutating func findHidden(by route: Route, named name: String, on host: String) {
    let index = document.index
    let candidates =
      (route.priority ?? 0) > 0
      ? [index.routes(onDomain: host)]
      : [
        index.routes(at: .init(host: host, path: route.match.path)),
        index.unusualRoutes(onDomain: host),
      ]
    for other in candidates.joined() {
      if isOver { return }
      if hides(name, other), change.edits[ObjectKey(.route, other)] == nil {
        found.insert(HiddenRoute(name: other, hidingName: name, host: host))
      }
    }
  }

  private mutating func hides(_ name: String, _ other: String) -> Bool {
    effort -= 1
    guard name != other, let route = document.routes[name], let hidden = document.routes[other]
    else { return false }
    return route.match.covers(hidden.match) && route.isOnGateways(of: hidden)
      && RoutePrecedence(of: route, named: name) < RoutePrecedence(of: hidden, named: other)
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
