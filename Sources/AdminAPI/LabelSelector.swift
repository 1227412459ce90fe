import Model

/// The labels that an object must have to be listed; all of them.
struct LabelSelector: Sendable {
  private let labels: [(key: String, value: String)]

  /// Reads the parameters of a query that was checked.
  init(_ query: Query) { labels = query.all("label").compactMap(Self.label) }

  /// What is wrong with the parameters: each `label` that is not `KEY=VALUE`.
  static func flaws(in query: Query) -> [Problem.Flaw] {
    query.all("label").filter { label($0) == nil }
      .map { _ in .init(.parameter("label"), .invalidValue, "Must be KEY=VALUE.") }
  }

  private static func label(_ text: String) -> (key: String, value: String)? {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    return (String(parts[0]), String(parts[1]))
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
