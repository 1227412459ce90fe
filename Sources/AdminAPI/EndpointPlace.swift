import Model
import Store

/// Which endpoint of which service a path names.
struct EndpointPlace: Sendable {
  var service: ObjectKey
  /// In canonical spelling if it is an id at all.
  var id: String

  init(_ call: Call) {
    service = ObjectKey(.service, call.path("name"))
    let text = call.path("id")
    id = Endpoint.parse(id: text).map { Endpoint(address: $0.address, port: $0.port).id } ?? text
  }

  var path: String { "/services/\(service.name)/endpoints/\(PercentEncoding.encode(id))" }
}

extension Head {
  /// - Throws: A problem if there is no such service, or it cannot be read.
  func service(at place: EndpointPlace) throws -> Service {
    try checkReadable { $0 == place.service }
    if let service = document[place.service]?.service { return service }
    throw Problem.notFound("service", place.service.name)
  }

  /// - Throws: A problem if there is no such service or endpoint.
  func endpoint(at place: EndpointPlace) throws -> Endpoint {
    if let endpoint = try service(at: place).endpoint(id: place.id) { return endpoint }
    throw Problem.notFound("endpoint", place.id)
  }
}

extension Endpoint {
  /// As answers show it: with its id.
  var answer: JSONValue { json.merging(["id": .string(id)]) }

  /// Reads an endpoint from a body of its own.
  ///
  /// - Throws: Every fault, with pointers into the body.
  init(from body: JSONValue) throws(Refusal) {
    let faults = FaultCollector()
    let endpoint = Endpoint(body, at: "", faults: faults)
    try faults.check()
    // What is too far from an endpoint to be one has a fault.
    guard let endpoint else { throw Refusal(.invalid, []) }
    self = endpoint
  }

  /// Reads the endpoint of that place; its address and port may be left out of the body.
  ///
  /// - Throws: Every fault, with pointers into the body.
  init(at place: EndpointPlace, from body: JSONValue) throws {
    guard let (address, port) = Endpoint.parse(id: place.id) else {
      let detail = "An endpoint's id is ADDRESS:PORT, an IPv6 address in brackets."
      throw Problem(invalid: [.init(.parameter("id"), .invalidValue, detail)])
    }
    var body = body
    if case .object(var members) = body {
      if members["address", default: .null] == .null { members["address"] = .string(address) }
      if members["port", default: .null] == .null { members["port"] = .integer(Int64(port)) }
      body = .object(members)
    }
    try self.init(from: body)
    if id == place.id { return }
    throw Refusal(
      .invalid,
      [("/address", self.address != address), ("/port", self.port != port)].filter(\.1).map {
        Fault($0.0, .invalidValue, "Must be as in \(place.id): an id never changes.")
      }
    )
  }
}
