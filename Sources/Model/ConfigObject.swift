/// An object of a document, of any kind.
package enum ConfigObject: Hashable, Sendable {
  case gateway(Gateway)
  case service(Service)
  case route(Route)

  /// Reads an object of that kind; `name`, where the value has it, must be the given one.
  ///
  /// nil if the value is too far from one; every fault is collected.
  package init?(
    _ key: ObjectKey,
    from value: JSONValue,
    at pointer: String,
    faults: FaultCollector
  ) {
    if !Name.isValid(key.name) { faults.add(pointer, .invalidValue, Name.rule) }
    let value = Self.withoutName(value, of: key, at: pointer, faults: faults)
    let object: ConfigObject? =
      switch key.kind {
      case .gateway: Gateway(value, at: pointer, faults: faults).map { .gateway($0) }
      case .service: Service(value, at: pointer, faults: faults).map { .service($0) }
      case .route: Route(value, at: pointer, faults: faults).map { .route($0) }
      }
    guard let object else { return nil }
    self = object
  }

  private static func withoutName(
    _ value: JSONValue,
    of key: ObjectKey,
    at pointer: String,
    faults: FaultCollector
  ) -> JSONValue {
    guard case .object(var members) = value, let name = members.removeValue(forKey: "name") else {
      return value
    }
    if name != .string(key.name), name != .null {
      faults.add(
        JSONPointer.join(pointer, "name"),
        .invalidValue,
        "Must be \"\(key.name)\": a name never changes. Rename by one PATCH /config."
      )
    }
    return .object(members)
  }

  /// All fields but the name, as they were given.
  package var json: JSONValue {
    switch self {
    case .gateway(let gateway): gateway.json
    case .service(let service): service.json
    case .route(let route): route.json
    }
  }
}
