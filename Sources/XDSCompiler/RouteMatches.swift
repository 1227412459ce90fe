import EnvoyAPI
import Model
import SwiftProtobuf

extension EnvoyRouteMatch {
  /// - Parameters:
  ///   - path: How Envoy is told the path.
  ///   - match: Where the other conditions are from.
  init(path: OneOf_PathSpecifier, of match: RouteMatch) {
    self.init()
    pathSpecifier = path
    headers =
      (match.methods.map { [EnvoyHeaderMatcher(methods: $0)] } ?? [])
      + (match.headers ?? []).map(EnvoyHeaderMatcher.init)
  }
}

extension EnvoyHeaderMatcher {
  fileprivate init(methods: [String]) {
    self.init()
    name = ":method"
    stringMatch =
      if methods.count == 1 {
        .with { $0.exact = methods[0] }
      } else {
        .with { $0.safeRegex.regex = RegularExpression.pattern(forAnyOf: methods) }
      }
  }

  fileprivate init(_ header: RouteMatch.Header) {
    self.init()
    name = header.name
    switch header.condition {
    case .exact(let text): stringMatch.exact = text
    case .prefix(let text): stringMatch.prefix = text
    case .suffix(let text): stringMatch.suffix = text
    case .contains(let text): stringMatch.contains = text
    case .regex(let pattern): stringMatch.safeRegex.regex = pattern
    case .present(let isPresent): presentMatch = isPresent
    }
  }
}
