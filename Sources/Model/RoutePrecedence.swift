/// Where a route stands in its virtual host: Envoy takes the first that matches.
///
/// Higher priority first; then exact paths, prefixes with the longest first, regular expressions;
/// then more conditions on method and headers; then the name.
package struct RoutePrecedence: Comparable, Sendable {
  private let priority: Int
  private let pathRank: Int
  private let prefixLength: Int
  private let conditions: Int
  private let name: String

  package init(of route: Route, named name: String) {
    priority = route.priority ?? 0
    (pathRank, prefixLength) =
      switch route.match.path {
      case .exact: (0, 0)
      case .prefix(let prefix): (1, prefix.utf8.count)
      case .regex: (2, 0)
      }
    conditions = (route.match.methods == nil ? 0 : 1) + (route.match.headers?.count ?? 0)
    self.name = name
  }

  package static func < (left: Self, right: Self) -> Bool {
    (right.priority, left.pathRank, right.prefixLength, right.conditions, left.name)
      < (left.priority, right.pathRank, left.prefixLength, left.conditions, right.name)
  }
}
