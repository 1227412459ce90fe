extension HealthCheck {
  /// nil without exactly one probe; every fault is collected.
  init?(_ value: JSONValue, at pointer: String, faults: FaultCollector) {
    guard var reader = ObjectReader(value, at: pointer, faults: faults) else { return nil }
    let probe = Probe(from: &reader)
    let spans = TimeSpan(milliseconds: 100)...TimeSpan.hours(1)
    interval = reader.duration("interval", in: spans)
    timeout = reader.duration("timeout", in: spans)
    healthyThreshold = reader.integer("healthy_threshold", in: 1...100)
    unhealthyThreshold = reader.integer("unhealthy_threshold", in: 1...100)
    reader.finish()
    guard let probe else { return nil }
    self.probe = probe
  }

  var json: JSONValue {
    JSONValue([
      "interval": interval.map { .string($0.description) },
      "timeout": timeout.map { .string($0.description) },
      "healthy_threshold": healthyThreshold.map { .integer(Int64($0)) },
      "unhealthy_threshold": unhealthyThreshold.map { .integer(Int64($0)) },
    ]).merging(probe.json)
  }
}

extension HealthCheck.Probe {
  fileprivate init?(from reader: inout ObjectReader) {
    let found: [Self?] = [
      reader.object("http").flatMap(HealthCheck.HTTP.init(reader:)).map { .http($0) },
      reader.object("tcp").map(Self.init(tcp:)),
      reader.object("grpc").map(Self.init(grpc:)),
    ]
    guard reader.members(of: ["http", "tcp", "grpc"]).count == 1 else {
      reader.faults.add(reader.pointer, .oneOf, "Needs exactly one of http, tcp and grpc.")
      return nil
    }
    guard let probe = found.compactMap({ $0 }).first else { return nil }
    self = probe
  }

  private init(tcp reader: ObjectReader) {
    reader.finish()
    self = .tcp
  }

  private init(grpc reader: ObjectReader) {
    var reader = reader
    self = .grpc(service: reader.headerText("service"))
    reader.finish()
  }

  fileprivate var json: JSONValue {
    switch self {
    case .http(let http): ["http": http.json]
    case .tcp: ["tcp": [:]]
    case .grpc(let service): ["grpc": JSONValue(["service": service.map { .string($0) }])]
    }
  }
}

extension HealthCheck.HTTP {
  fileprivate init?(reader: ObjectReader) {
    var reader = reader
    reader.require("path", "An HTTP check needs a path, such as \"/healthz\".")
    let path = reader.path("path")
    host = reader.headerText("host")
    statuses = reader.statuses()
    reader.finish()
    guard let path else { return nil }
    self.path = path
  }

  fileprivate var json: JSONValue {
    JSONValue([
      "path": .string(path),
      "host": host.map { .string($0) },
      "statuses": statuses.map { .array($0.map { .integer(Int64($0)) }) },
    ])
  }
}

extension ObjectReader {
  fileprivate mutating func statuses() -> [Int]? {
    guard let elements = array("statuses") else { return nil }
    if elements.isEmpty { fault("statuses", .invalidValue, "Leave it out to expect 200.") }
    let statuses = elements.compactMap { value, pointer -> Int? in
      if case .integer(let status) = value, (100...599).contains(status) { return Int(status) }
      faults.add(pointer, .invalidValue, "Must be an HTTP status, from 100 to 599.")
      return nil
    }
    return Set(statuses).sorted()
  }

  /// At most one: Envoy takes no more.
  ///
  /// Source: Envoy, `config.cluster.v3.Cluster.health_checks`, and what it says to two.
  mutating func healthChecks() -> [HealthCheck]? {
    guard let elements = array("health_checks") else { return nil }
    if elements.count > 1 { fault("health_checks", .outOfRange, "A service has at most one.") }
    return elements.compactMap { HealthCheck($0, at: $1, faults: faults) }
  }

  /// Says that Envoy asks by gRPC over HTTP/2 only.
  func checkProtocol(of checks: [HealthCheck]?, _ version: Service.HTTPVersion?) {
    for (index, check) in (checks ?? []).enumerated() where version != .http2 {
      guard case .grpc = check.probe else { continue }
      let pointer = pointer(to: "health_checks") + "/\(index)/grpc"
      faults.add(pointer, .notApplicable, "A gRPC check needs \"protocol\": \"http2\".")
    }
  }
}
