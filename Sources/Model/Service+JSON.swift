extension Service {
  /// nil if the value is no object; every fault is collected.
  init?(_ value: JSONValue, at pointer: String, faults: FaultCollector) {
    guard var reader = ObjectReader(value, at: pointer, faults: faults) else { return nil }
    reader.ignoreAnswerFields()
    self.init(
      endpoints: reader.endpoints(),
      httpVersion: reader.choice("protocol", of: HTTPVersion.self),
      connectTimeout: reader.duration(
        "connect_timeout",
        in: TimeSpan(milliseconds: 1)...TimeSpan.hours(1)
      ),
      loadBalancing: reader.object("load_balancing").map(LoadBalancing.init(reader:)),
      healthChecks: reader.healthChecks(),
      labels: reader.labels()
    )
    reader.checkProtocol(of: healthChecks, httpVersion)
    reader.finish()
  }

  /// All fields.
  package var json: JSONValue {
    spec.merging(["endpoints": .array(endpoints.map(\.json))])
  }

  /// All fields but the endpoints.
  package var spec: JSONValue {
    JSONValue([
      "protocol": httpVersion.map { .string($0.rawValue) },
      "connect_timeout": connectTimeout.map { .string($0.description) },
      "load_balancing": loadBalancing?.json,
      "health_checks": healthChecks.map { .array($0.map(\.json)) },
      "labels": labels.map(JSONValue.init(labels:)),
    ])
  }
}

extension Service.LoadBalancing {
  fileprivate init(reader: ObjectReader) {
    var reader = reader
    policy = reader.choice("policy", of: Service.LoadBalancingPolicy.self)
    reader.finish()
  }

  fileprivate var json: JSONValue {
    JSONValue(["policy": policy.map { .string($0.rawValue) }])
  }
}

extension ObjectReader {
  fileprivate mutating func endpoints() -> [Endpoint] {
    var ids: Set<String> = []
    return (array("endpoints") ?? []).compactMap { value, pointer in
      guard let endpoint = Endpoint(value, at: pointer, faults: faults) else { return nil }
      if !ids.insert(endpoint.id).inserted {
        faults.add(pointer, .duplicate, "The service has an endpoint \(endpoint.id) already.")
      }
      return endpoint
    }
  }
}
