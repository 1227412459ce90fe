/// Where proxies accept requests: an Envoy listener.
///
/// Unset fields are nil and stay so.
package struct Gateway: Hashable, Sendable {
  /// The fleet that means every proxy.
  package static let everyFleet = "*"

  package var address: String?
  package var port: Int
  package var fleet: String?
  package var labels: [String: String]?

  package init(
    address: String? = nil,
    port: Int,
    fleet: String? = nil,
    labels: [String: String]? = nil
  ) {
    self.address = address
    self.port = port
    self.fleet = fleet
    self.labels = labels
  }

  /// The address to listen on, its default included.
  package var listenAddress: String { address ?? "0.0.0.0" }

  /// The fleet whose proxies get it, its default included.
  package var effectiveFleet: String { fleet ?? Self.everyFleet }

  /// Whether a proxy of that fleet gets this gateway.
  package func serves(fleet: String) -> Bool {
    effectiveFleet == Self.everyFleet || effectiveFleet == fleet
  }
}

extension Gateway {
  /// nil if the value is no object or has no port; every fault is collected.
  init?(_ value: JSONValue, at pointer: String, faults: FaultCollector) {
    guard var reader = ObjectReader(value, at: pointer, faults: faults) else { return nil }
    reader.ignoreAnswerFields()
    address = reader.ipAddress("address")
    reader.require("port", "A gateway needs the port that it listens on.")
    let port = reader.integer("port", in: 1...65535)
    fleet = reader.fleet()
    labels = reader.labels()
    reader.finish()
    guard let port else { return nil }
    self.port = port
  }

  package var json: JSONValue {
    JSONValue([
      "address": address.map { .string($0) },
      "port": .integer(Int64(port)),
      "fleet": fleet.map { .string($0) },
      "labels": labels.map(JSONValue.init(labels:)),
    ])
  }
}

extension ObjectReader {
  /// Passes over what every answer carries beside an object's own fields.
  mutating func ignoreAnswerFields() {
    ignore("meta")
    // Read by whoever knows what the object is to be called, and named among the fields.
    ignore("name")
  }

  fileprivate mutating func ipAddress(_ member: String) -> String? {
    guard let text = string(member) else { return nil }
    if let address = Address.ip(text) {
      guard Address.isUnreachable(address) else { return address }
      fault(member, .invalidValue, "No client can connect there: \(Address.unreachable).")
      return nil
    }
    fault(member, .invalidValue, "Must be an IP address, such as \"0.0.0.0\" or \"::\".")
    return nil
  }

  fileprivate mutating func fleet() -> String? {
    guard let fleet = string("fleet") else { return nil }
    if fleet == Gateway.everyFleet || Name.isValid(fleet) { return fleet }
    fault("fleet", .invalidValue, "Must be \"*\" for every proxy, or a name. \(Name.rule)")
    return nil
  }
}
