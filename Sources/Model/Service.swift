/// Where requests go: an Envoy cluster.
///
/// Unset fields are nil and stay so.
package struct Service: Hashable, Sendable {
  /// How proxies speak to its endpoints; `http1` unless said.
  package enum HTTPVersion: String, CaseIterable, Sendable { case http1, http2 }

  /// How a proxy chooses an endpoint; `round_robin` unless said.
  package enum LoadBalancingPolicy: String, CaseIterable, Sendable {
    case roundRobin = "round_robin", leastRequest = "least_request", random
    case ringHash = "ring_hash", maglev
  }

  /// How a proxy spreads requests over the endpoints.
  package struct LoadBalancing: Hashable, Sendable {
    package var policy: LoadBalancingPolicy?

    package init(policy: LoadBalancingPolicy? = nil) { self.policy = policy }
  }

  /// A set, kept in the order of the endpoints' ids.
  package private(set) var endpoints: [Endpoint]
  package var httpVersion: HTTPVersion?
  package var connectTimeout: TimeSpan?
  package var loadBalancing: LoadBalancing?
  /// At most one.
  package var healthChecks: [HealthCheck]?
  package var labels: [String: String]?

  /// Of endpoints with the same id, the last counts.
  package init(
    endpoints: [Endpoint] = [],
    httpVersion: HTTPVersion? = nil,
    connectTimeout: TimeSpan? = nil,
    loadBalancing: LoadBalancing? = nil,
    healthChecks: [HealthCheck]? = nil,
    labels: [String: String]? = nil
  ) {
    self.endpoints = Self.sorted(endpoints)
    self.httpVersion = httpVersion
    self.connectTimeout = connectTimeout
    self.loadBalancing = loadBalancing
    self.healthChecks = healthChecks
    self.labels = labels
  }

  private static func sorted(_ endpoints: [Endpoint]) -> [Endpoint] {
    Dictionary(endpoints.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
      .sorted { $0.key < $1.key }
      .map(\.value)
  }

  /// The endpoint of that id, if it has one.
  package func endpoint(id: String) -> Endpoint? { endpoints.first { $0.id == id } }

  /// The service with that endpoint in place of the one of its id.
  package func with(_ endpoint: Endpoint) -> Service {
    var service = self
    service.endpoints = Self.sorted(endpoints + [endpoint])
    return service
  }

  /// The service with those endpoints in place of all it has.
  package func with(endpoints: [Endpoint]) -> Service {
    var service = self
    service.endpoints = Self.sorted(endpoints)
    return service
  }

  /// The service without the endpoint of that id.
  package func without(endpoint id: String) -> Service {
    var service = self
    service.endpoints.removeAll { $0.id == id }
    return service
  }
}
