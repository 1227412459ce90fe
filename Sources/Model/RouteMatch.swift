/// The conditions that a request must meet for a route to take it.
package struct RouteMatch: Hashable, Sendable {
  /// The condition on the path of the request, without its query.
  package enum Path: Hashable, Sendable {
    /// Whole segments: `/api` takes `/api` and `/api/x`, not `/apix`. No slash at its end but in
    /// `/`, which takes all.
    case prefix(String)
    case exact(String)
    /// RE2, for the whole path without the query.
    case regex(String)
  }

  /// A condition on one header of the request.
  package struct Header: Hashable, Sendable {
    /// What the header's value must be, or whether there must be one.
    package enum Condition: Hashable, Sendable {
      case exact(String), prefix(String), suffix(String), contains(String), regex(String)
      case present(Bool)
    }

    /// In lower case.
    package var name: String
    package var condition: Condition

    package init(name: String, condition: Condition) {
      self.name = name
      self.condition = condition
    }
  }

  package var path: Path
  /// Any of these, sorted; nil is every method.
  package var methods: [String]?
  /// All of these, sorted by name.
  package var headers: [Header]?

  package init(path: Path, methods: [String]? = nil, headers: [Header]? = nil) {
    self.path = path
    self.methods = methods
    self.headers = headers
  }
}
