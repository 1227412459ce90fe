import HashTreeCollections
import Model

/// A route on one of its gateways.
struct Binding {
  var gateway: String
  var fleet: String
  var name: String
  var route: Route
}

/// The bindings that a change makes and undoes.
///
/// One that is only replaced is in both.
struct BindingChange {
  let undone: [Binding]
  let made: [Binding]

  /// Costs what the change touches: its routes, and those of gateways that come, go, or join
  /// another fleet.
  init(of change: Change, from former: Document, to document: Document) {
    let routes = Set(change.routes.map(\.name))
    let gateways = Set(
      change.gateways.filter { $0.before?.effectiveFleet != $0.after?.effectiveFleet }.map(\.name)
    )
    undone = former.bindings(of: routes, and: gateways)
    made = document.bindings(of: routes, and: gateways)
  }
}

extension Document {
  fileprivate func bindings(of routes: Set<String>, and gateways: Set<String>) -> [Binding] {
    routes.flatMap { name in
      bindings(
        of: name,
        on: self.routes[name].map { $0.gateways ?? Array(self.gateways.keys) } ?? []
      )
    }
      + gateways.flatMap { gateway in
        index.routes(namingGateway: gateway).union(index.routesOnEveryGateway)
          .filter { !routes.contains($0) }
          .flatMap { bindings(of: $0, on: [gateway]) }
      }
  }

  private func bindings(of name: String, on gateways: [String]) -> [Binding] {
    guard let route = routes[name] else { return [] }
    return gateways.compactMap { gateway in
      self.gateways[gateway].map { found in
        Binding(gateway: gateway, fleet: found.effectiveFleet, name: name, route: route)
      }
    }
  }
}
