import HashTreeCollections
package import Model
package import Snapshots

extension Compilation {
  /// The resources of a service with instances beside the endpoints that the document gives it,
  /// whose word counts where both name the same.
  ///
  /// Costs the number of the service's endpoints.
  ///
  /// - Returns: None if there is no such service, or proxies look up its endpoints themselves.
  /// - Throws: A fault if one is too large to be encoded.
  package func resources(
    of name: String,
    with registered: [Endpoint]
  ) throws(Refusal) -> [Resource] {
    guard let service = document.services[name], !service.isNamed, !registered.isEmpty else {
      return []
    }
    // Of endpoints with the same id, the last counts.
    let endpoints = (registered + service.endpoints).withFittingWeights
    let made = try ServiceResources(of: service.with(endpoints: endpoints), named: name)
    let resources = made.reusing(parts.services[name])
    return [resources.cluster] + (resources.assignment.map { [$0] } ?? [])
  }
}

extension [Endpoint] {
  /// The same with smaller weights if theirs sum up to more than Envoy takes: no instance can know
  /// what the others say.
  fileprivate var withFittingWeights: [Endpoint] {
    if Weights.fit(map(\.weight)) { return self }
    let sum = reduce(0) { $0 + ($1.weight ?? 1) }
    let divisor = sum / (Int(UInt32.max) / 2) + 1
    return map { endpoint in
      var endpoint = endpoint
      endpoint.weight = Swift.max(1, (endpoint.weight ?? 1) / divisor)
      return endpoint
    }
  }
}
