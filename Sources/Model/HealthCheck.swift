/// How proxies find out by themselves whether an endpoint is to get requests.
///
/// Unset fields are nil and stay so.
package struct HealthCheck: Hashable, Sendable {
  /// What a proxy asks an endpoint.
  package enum Probe: Hashable, Sendable {
    case http(HTTP)
    /// Whether it takes a connection.
    case tcp
    /// The gRPC health checking protocol.
    ///
    /// Source: gRPC, "GRPC Health Checking Protocol".
    case grpc(service: String?)
  }

  /// A GET request.
  package struct HTTP: Hashable, Sendable {
    package var path: String
    /// What the request names as its host; the service's name unless said.
    package var host: String?
    /// The statuses of a healthy endpoint; 200 unless said.
    package var statuses: [Int]?

    package init(path: String, host: String? = nil, statuses: [Int]? = nil) {
      self.path = path
      self.host = host
      self.statuses = statuses
    }
  }

  package var probe: Probe
  /// From one check of an endpoint to the next.
  package var interval: TimeSpan?
  /// How long an answer may take.
  package var timeout: TimeSpan?
  /// How many checks in a row must succeed before an unhealthy endpoint is healthy.
  package var healthyThreshold: Int?
  /// How many checks in a row must fail before a healthy endpoint is unhealthy.
  package var unhealthyThreshold: Int?

  package init(
    _ probe: Probe,
    interval: TimeSpan? = nil,
    timeout: TimeSpan? = nil,
    healthyThreshold: Int? = nil,
    unhealthyThreshold: Int? = nil
  ) {
    self.probe = probe
    self.interval = interval
    self.timeout = timeout
    self.healthyThreshold = healthyThreshold
    self.unhealthyThreshold = unhealthyThreshold
  }
}
