import HashTreeCollections
import Model

/// Which services the routes of which fleets reach.
///
/// It counts the bindings, so that undoing one need not look at the others.
struct Reach: Sendable {
  private var uses: TreeDictionary<String, Tally<String>> = [:]

  /// The fleets, as gateways name them, whose routes reach the service.
  func fleets(reaching service: String) -> Set<String> { uses[service]?.elements ?? [] }

  mutating func undo(_ binding: Binding) { count(binding, -1) }
  mutating func make(_ binding: Binding) { count(binding, 1) }

  private mutating func count(_ binding: Binding, _ step: Int) {
    for service in binding.route.services {
      uses[service, default: Tally()].add(step, to: binding.fleet)
      if uses[service]?.isEmpty == true { uses[service] = nil }
    }
  }
}

/// Counts things that come and go.
struct Tally<Element: Hashable & Sendable>: Sendable {
  /// None is 0.
  private var counts: TreeDictionary<Element, Int> = [:]

  /// Those that are there at least once.
  var elements: Set<Element> { Set(counts.keys) }

  var isEmpty: Bool { counts.isEmpty }

  mutating func add(_ step: Int, to element: Element) {
    let count = (counts[element] ?? 0) + step
    counts[element] = count == 0 ? nil : count
  }
}
