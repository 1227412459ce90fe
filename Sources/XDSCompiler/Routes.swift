import EnvoyAPI
import Model
import SwiftProtobuf

/// A route as it stands in virtual hosts: encoded once for all gateways and hosts that have it.
final class EncodedRoute: Sendable {
  let name: String
  let precedence: RoutePrecedence
  /// One or two `VirtualHost.routes` fields.
  let fields: [UInt8]
  /// The services that it sends requests to.
  let services: Set<String>

  /// - Throws: Every fault for which Envoy would refuse the route.
  init(_ route: Route, named name: String) throws(Refusal) {
    let key = ObjectKey(.route, name)
    try route.checkWeights(key)
    var fields: [UInt8] = []
    for form in route.forms {
      let message = EnvoyRoute.with {
        $0.name = name
        $0.match = .init(path: form.path, of: route.match)
        $0.action = .init(route, rewrite: form.rewrite)
      }
      fields.append(field: VirtualHost.routesField, message: try message.encoded(for: key))
    }
    self.name = name
    self.fields = fields
    precedence = RoutePrecedence(of: route, named: name)
    services = route.services
  }
}

extension Route {
  fileprivate typealias Form = (path: EnvoyRouteMatch.OneOf_PathSpecifier, rewrite: String?)

  /// How Envoy is told the path and what takes its place.
  ///
  /// Envoy replaces the matched text and nothing more, so a new prefix must end in a slash where,
  /// and only where, the matched text does: else `/api/x` became `//x`, or `/x` became `/v2x`.
  fileprivate var forms: [Form] {
    switch (match.path, prefixRewrite) {
    case (.prefix("/"), let rewrite):
      [(.prefix("/"), rewrite.map { $0.hasSuffix("/") ? $0 : $0 + "/" })]
    case (.prefix(let prefix), let rewrite?) where rewrite.hasSuffix("/"):
      [(.path(prefix), rewrite), (.prefix(prefix + "/"), rewrite)]
    case (.prefix(let prefix), let rewrite): [(.pathSeparatedPrefix(prefix), rewrite)]
    case (.exact(let path), let rewrite): [(.path(path), rewrite)]
    case (.regex(let pattern), _): [(.safeRegex(.with { $0.regex = pattern }), nil)]
    }
  }

  /// Checks what Envoy demands of weights: their sum is within 32 bits (WeightedCluster, `weight`).
  fileprivate func checkWeights(_ key: ObjectKey) throws(Refusal) {
    guard case .backends(let backends) = action, !Weights.fit(backends.map(\.weight)) else {
      return
    }
    let pointer = JSONPointer.join(key.pointer, "backends")
    throw Refusal(.invalid, [Fault(pointer, .outOfRange, Weights.rule)])
  }
}
