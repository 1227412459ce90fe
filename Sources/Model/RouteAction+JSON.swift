extension Route.Action {
  /// nil without exactly one action; every fault is collected.
  init?(from reader: inout ObjectReader) {
    let found: [Self?] = [
      reader.reference("service").map { .service($0) },
      reader.backends().map { .backends($0) },
      reader.object("redirect").map { .redirect(Route.Redirect(reader: $0)) },
      reader.object("respond").flatMap(Route.Response.init(reader:)).map { .respond($0) },
    ]
    let names = ["service", "backends", "redirect", "respond"]
    guard reader.members(of: names).count == 1 else {
      reader.faults.add(
        reader.pointer,
        .oneOf,
        "Needs exactly one of \(names.joined(separator: ", "))."
      )
      return nil
    }
    guard let action = found.compactMap({ $0 }).first else { return nil }
    self = action
  }

  var json: JSONValue {
    switch self {
    case .service(let service): ["service": .string(service)]
    case .backends(let backends): ["backends": .array(backends.map(\.json))]
    case .redirect(let redirect): ["redirect": redirect.json]
    case .respond(let response): ["respond": response.json]
    }
  }
}

extension Route.Backend {
  fileprivate init?(_ value: JSONValue, at pointer: String, faults: FaultCollector) {
    guard var reader = ObjectReader(value, at: pointer, faults: faults) else { return nil }
    reader.require("service", "A backend needs a service.")
    let service = reader.reference("service")
    weight = reader.integer("weight", in: 0...1_000_000)
    reader.finish()
    guard let service else { return nil }
    self.service = service
  }

  fileprivate var json: JSONValue {
    JSONValue(["service": .string(service), "weight": weight.map { .integer(Int64($0)) }])
  }
}

extension Route.Redirect {
  fileprivate init(reader: ObjectReader) {
    var reader = reader
    scheme = reader.choice("scheme", of: Scheme.self)
    host = reader.redirectHost()
    port = reader.integer("port", in: 1...65535)
    path = reader.path("path")
    status = reader.integer("status", in: 301...308)
    if let status, ![301, 302, 303, 307, 308].contains(status) {
      reader.fault("status", .invalidValue, "Must be one of: 301, 302, 303, 307, 308.")
    }
    if scheme == nil, host == nil, port == nil, path == nil {
      reader.faults.add(
        reader.pointer,
        .oneOf,
        "Needs at least one of scheme, host, port and path."
      )
    }
    reader.finish()
  }

  fileprivate var json: JSONValue {
    JSONValue([
      "scheme": scheme.map { .string($0.rawValue) },
      "host": host.map { .string($0) },
      "port": port.map { .integer(Int64($0)) },
      "path": path.map { .string($0) },
      "status": status.map { .integer(Int64($0)) },
    ])
  }
}

extension Route.Response {
  fileprivate init?(reader: ObjectReader) {
    var reader = reader
    reader.require("status", "An answer needs a status, such as 404.")
    let status = reader.integer("status", in: 200...599)
    body = reader.string("body")
    // Envoy refuses longer ones unless the whole route configuration allows them.
    if let body, body.utf8.count > 4096 {
      reader.fault("body", .outOfRange, "Must be at most 4096 bytes.")
    }
    // They end with their header (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5).
    if let status, [204, 205, 304].contains(status), body?.isEmpty == false {
      reader.fault("body", .notApplicable, "An answer of status \(status) has no body.")
    }
    reader.finish()
    guard let status else { return nil }
    self.status = status
  }

  fileprivate var json: JSONValue {
    JSONValue(["status": .integer(Int64(status)), "body": body.map { .string($0) }])
  }
}

extension ObjectReader {
  fileprivate mutating func backends() -> [Route.Backend]? {
    guard let elements = array("backends") else { return nil }
    let backends = elements.compactMap { Route.Backend($0, at: $1, faults: faults) }
    var services: Set<String> = []
    for (index, backend) in backends.enumerated()
    where !services.insert(backend.service).inserted {
      fault("backends", .duplicate, "\(backend.service) is here twice (again at \(index)).")
    }
    if backends.count == elements.count, backends.reduce(0, { $0 + ($1.weight ?? 1) }) == 0 {
      fault("backends", .outOfRange, "The weights must sum to at least 1.")
    }
    return backends
  }

  fileprivate mutating func redirectHost() -> String? {
    guard let text = string("host") else { return nil }
    if let host = Address.dnsName(text) ?? Address.host(text) { return host }
    fault("host", .invalidValue, "Must be a host such as \"www.example.com\", without port.")
    return nil
  }
}
