extension Route {
  /// nil if the value says not what to match or what to do; every fault is collected.
  init?(_ value: JSONValue, at pointer: String, faults: FaultCollector) {
    guard var reader = ObjectReader(value, at: pointer, faults: faults) else { return nil }
    reader.ignoreAnswerFields()
    reader.ignore("warnings")
    reader.require("match", "A route needs a match, such as {\"prefix\": \"/\"}.")
    let match = reader.object("match").flatMap(RouteMatch.init(reader:))
    let action = Action(from: &reader)
    gateways = reader.gateways()
    hosts = reader.hosts()
    timeout = reader.duration("timeout", in: TimeSpan.seconds(0)...TimeSpan.hours(24))
    prefixRewrite = reader.prefixRewrite()
    priority = reader.integer("priority", in: -1_000_000...1_000_000)
    labels = reader.labels()
    reader.finish()
    guard let match, let action else { return nil }
    self.match = match
    self.action = action
    checkApplicability(reader)
  }

  package var json: JSONValue {
    JSONValue([
      "gateways": gateways.map { .array($0.map { .string($0) }) },
      "hosts": hosts.map { .array($0.map { .string($0) }) },
      "match": match.json,
      "timeout": timeout.map { .string($0.description) },
      "rewrite": prefixRewrite.map { ["prefix": .string($0)] },
      "priority": priority.map { .integer(Int64($0)) },
      "labels": labels.map(JSONValue.init(labels:)),
    ]).merging(action.json)
  }

  /// What Envoy would ignore or refuse beside the chosen match and action.
  private func checkApplicability(_ reader: ObjectReader) {
    if case .regex = match.path, prefixRewrite != nil {
      reader.fault("rewrite", .notApplicable, "A prefix rewrite needs match.prefix or match.exact.")
    }
    guard references.isEmpty else { return }
    if prefixRewrite != nil {
      reader.fault("rewrite", .notApplicable, "Only a route to a service rewrites.")
    }
    if timeout != nil {
      reader.fault("timeout", .notApplicable, "Only a route to a service has a timeout.")
    }
  }
}

extension ObjectReader {
  fileprivate mutating func gateways() -> [String]? {
    guard let gateways = strings("gateways") else { return nil }
    if gateways.isEmpty { fault("gateways", .invalidValue, "Leave it out for all gateways.") }
    return distinct(gateways, what: "gateway")
  }

  fileprivate mutating func hosts() -> [String]? {
    guard let hosts = strings("hosts") else { return nil }
    if hosts.isEmpty { fault("hosts", .invalidValue, "Leave it out for every host.") }
    return distinct(hosts.map { ($0.value.lowercased(), $0.pointer) }, what: "host").enumerated()
      .map { index, host in
        if !Self.isHost(host) {
          faults.add(
            hosts[index].pointer,
            .invalidValue,
            "Must be a host such as \"api.example.com\", \"*.example.com\" or \"*\", without port."
          )
        }
        return host
      }
  }

  private static func isHost(_ host: String) -> Bool {
    if host == "*" || Address.host(host) == host { return true }
    let name = host.hasPrefix("*.") ? String(host.dropFirst(2)) : host
    return Address.dnsName(name) == name
  }

  private func distinct(_ values: [(value: String, pointer: String)], what: String) -> [String] {
    var seen: Set<String> = []
    for (value, pointer) in values where !seen.insert(value).inserted {
      faults.add(pointer, .duplicate, "The \(what) \"\(value)\" stands here twice.")
    }
    return values.map(\.value)
  }

  fileprivate mutating func prefixRewrite() -> String? {
    guard var rewrite = object("rewrite") else { return nil }
    let prefix = rewrite.path("prefix")
    rewrite.require("prefix", "A rewrite needs the new prefix.")
    rewrite.finish()
    return prefix
  }
}
