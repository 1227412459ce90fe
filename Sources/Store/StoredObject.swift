import Model

/// An object as the rows of the database have it, which by SQL may be anything.
struct StoredObject: Hashable, Sendable {
  var spec: String
  /// Of a service: the other fields by id.
  var endpoints: [String: String] = [:]

  /// The object, if this version of Chancery understands it; every fault is collected.
  func object(of key: ObjectKey, faults: FaultCollector) -> ConfigObject? {
    let own = FaultCollector()
    let value = Self.read(spec, at: key.pointer, faults: own)
    var object = value.flatMap { ConfigObject(key, from: $0, at: key.pointer, faults: own) }
    if case .service(let service) = object {
      if value?["endpoints"] != nil {
        let pointer = key.pointer + "/endpoints"
        own.add(pointer, .unknownField, "Endpoints are rows of the table endpoint.")
      }
      object = .service(service.with(endpoints: readEndpoints(at: key.pointer, faults: own)))
    }
    for fault in own.faults { faults.add(fault.pointer, fault.code, fault.detail) }
    return own.faults.isEmpty ? object : nil
  }

  private func readEndpoints(at pointer: String, faults: FaultCollector) -> [Endpoint] {
    endpoints.compactMap { id, spec in
      let pointer = JSONPointer.join(pointer + "/endpoints", id)
      guard let value = Self.read(spec, at: pointer, faults: faults),
        let endpoint = Endpoint(id: id, spec: value, at: pointer, faults: faults)
      else { return nil }
      if endpoint.id != id {
        faults.add(pointer, .invalidValue, "The id must be written \"\(endpoint.id)\".")
      }
      return endpoint
    }
  }

  private static func read(_ text: String, at pointer: String, faults: FaultCollector)
    -> JSONValue?
  {
    do {
      return try JSONValue(json: text)
    } catch {
      faults.add(pointer, .invalidValue, "This is no JSON that Chancery reads: \(error.reason)")
      return nil
    }
  }

  /// The object in JSON whether it makes sense or not.
  func json(of kind: ObjectKind) -> JSONValue {
    let spec = Self.json(spec)
    guard kind == .service else { return spec }
    let elements = endpoints.sorted { $0.key < $1.key }.map { id, spec in
      let identity: JSONValue =
        if let (address, port) = Endpoint.parse(id: id) {
          ["address": .string(address), "port": .integer(Int64(port))]
        } else {
          ["id": .string(id)]
        }
      return Self.json(spec).merging(identity)
    }
    return spec.merging(["endpoints": .array(elements)])
  }

  private static func json(_ text: String) -> JSONValue {
    (try? JSONValue(json: text)) ?? .string(text)
  }
}
