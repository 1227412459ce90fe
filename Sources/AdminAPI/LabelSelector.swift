import Model

/// The labels that an object must have to be listed; all of them.
struct LabelSelector: Sendable {
  private let labels: [(key: String, value: String)]

  /// - Throws: A problem for each `label` parameter that is not `KEY=VALUE`.
  init(_ query: Query) throws {
    var labels: [(String, String)] = []
    var flaws: [Problem.Flaw] = []
    for text in query.all("label") {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, !parts[0].isEmpty {
        labels.append((String(parts[0]), String(parts[1])))
      } else {
        flaws.append(.init(.parameter("label"), .invalidValue, "Must be KEY=VALUE."))
      }
    }
    if !flaws.isEmpty { throw Problem(invalid: flaws) }
    self.labels = labels
  }

  func selects(_ object: ConfigObject) -> Bool {
    let own = object.labels ?? [:]
    return labels.allSatisfy { own[$0.key] == $0.value }
  }
}

extension ConfigObject {
  fileprivate var labels: [String: String]? {
    switch self {
    case .gateway(let gateway): gateway.labels
    case .service(let service): service.labels
    case .route(let route): route.labels
    }
  }
}
