import Model
import Publisher

/// Which proxies are to be listed.
struct ProxyFilter: Sendable {
  static let parameters: Set<String> = ["fleet", "state"]

  private let fleet: String?
  private let state: Proxy.State?

  init(_ query: Query) {
    fleet = query["fleet"]
    state = query["state"].flatMap(Proxy.State.init)
  }

  /// What is wrong with the parameters.
  static func flaws(in query: Query) -> [Problem.Flaw] {
    let states = Proxy.State.allCases.map(\.rawValue)
    let detail = "Must be one of: \(states.joined(separator: ", "))."
    return query.all("state").filter { !states.contains($0) }
      .map { _ in .init(.parameter("state"), .invalidValue, detail) }
  }

  func selects(_ proxy: Proxy) -> Bool {
    proxy.fleet == fleet ?? proxy.fleet && proxy.state == state ?? proxy.state
  }
}
