/// One instance of a service.
///
/// Unset fields are nil and stay so.
package struct Endpoint: Hashable, Sendable {
  /// Whether it is to get requests, as its operator says.
  package enum Health: String, CaseIterable, Sendable { case healthy, draining, unhealthy }

  /// An IP address or a DNS name, in canonical spelling.
  package var address: String
  package var port: Int
  package var weight: Int?
  package var priority: Int?
  package var health: Health?

  package init(
    address: String,
    port: Int,
    weight: Int? = nil,
    priority: Int? = nil,
    health: Health? = nil
  ) {
    self.address = address
    self.port = port
    self.weight = weight
    self.priority = priority
    self.health = health
  }

  /// What tells it from the other endpoints of its service: `address:port`, an IPv6 address in
  /// brackets.
  package var id: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }

  /// Whether the address is a name that must be looked up.
  package var isNamed: Bool { Address.ip(address) == nil }
}

extension Endpoint {
  /// nil if the value names no address and port; every fault is collected.
  package init?(_ value: JSONValue, at pointer: String, faults: FaultCollector) {
    guard var reader = ObjectReader(value, at: pointer, faults: faults) else { return nil }
    reader.ignoreEndpointAnswerFields()
    reader.require("address", "An endpoint needs an IP address or a DNS name.")
    reader.require("port", "An endpoint needs a port.")
    let address = reader.hostAddress()
    let port = reader.integer("port", in: 1...65535)
    self.init(address: address ?? "", port: port ?? 0, fieldsFrom: &reader)
    reader.finish()
    if address == nil || port == nil { return nil }
  }

  /// The endpoint of that id with the remaining fields from `spec`, which may repeat the address
  /// and the port.
  ///
  /// nil if the id is none; every fault is collected.
  package init?(id: String, spec: JSONValue, at pointer: String, faults: FaultCollector) {
    guard let (address, port) = Self.parse(id: id) else {
      faults.add(pointer, .invalidValue, "An endpoint's id is ADDRESS:PORT, IPv6 in brackets.")
      return nil
    }
    guard var reader = ObjectReader(spec, at: pointer, faults: faults) else { return nil }
    reader.ignoreEndpointAnswerFields()
    if reader.isGiven("address"), reader.hostAddress() != address {
      reader.fault("address", .invalidValue, "Must be \"\(address)\", as in the id.")
    }
    if reader.isGiven("port"), reader.integer("port", in: 1...65535) != port {
      reader.fault("port", .invalidValue, "Must be \(port), as in the id.")
    }
    self.init(address: address, port: port, fieldsFrom: &reader)
    reader.finish()
  }

  private init(address: String, port: Int, fieldsFrom reader: inout ObjectReader) {
    self.address = address
    self.port = port
    weight = reader.integer("weight", in: 1...1_000_000)
    priority = reader.integer("priority", in: 0...127)
    health = reader.choice("health", of: Health.self)
  }

  /// The canonical address and the port of an id; nil if it is none.
  package static func parse(id: String) -> (address: String, port: Int)? {
    guard let colon = id.lastIndex(of: ":") else { return nil }
    let digits = id[id.index(after: colon)...]
    guard digits.first != "+", let port = Int(digits), (1...65535).contains(port) else {
      return nil
    }
    let host = String(id[..<colon])
    if host.contains(":") {
      guard host.hasPrefix("["), let address = Address.host(host) else { return nil }
      return Address.ip(String(address.dropFirst().dropLast())).map { ($0, port) }
    }
    return (Address.ip(host) ?? Address.dnsName(host)).map { ($0, port) }
  }

  /// All fields.
  package var json: JSONValue {
    spec.merging(["address": .string(address), "port": .integer(Int64(port))])
  }

  /// The fields that are not part of the id.
  package var spec: JSONValue {
    JSONValue([
      "weight": weight.map { .integer(Int64($0)) },
      "priority": priority.map { .integer(Int64($0)) },
      "health": health.map { .string($0.rawValue) },
    ])
  }
}

extension ObjectReader {
  /// Answers say which endpoint it is and where it comes from.
  fileprivate mutating func ignoreEndpointAnswerFields() {
    ignoreAnswerFields()
    ignore("id")
    ignore("source")
  }

  fileprivate mutating func hostAddress() -> String? {
    guard let text = string("address") else { return nil }
    if let address = Address.ip(text) ?? Address.dnsName(text) {
      guard Address.isUnreachable(address) else { return address }
      fault("address", .invalidValue, "Nothing can connect there: \(Address.unreachable).")
      return nil
    }
    fault(
      "address",
      .invalidValue,
      "Must be an IP address or a DNS name, without scheme, port or brackets."
    )
    return nil
  }
}
