import Model

extension ConfigObject {
  /// Reads an object from a body of its own.
  ///
  /// - Throws: Every fault, with pointers into the body.
  init(_ key: ObjectKey, from body: JSONValue) throws(Refusal) {
    let faults = FaultCollector()
    let object = ConfigObject(key, from: body, at: "", faults: faults)
    try faults.check()
    // What is too far from an object to be one has a fault.
    guard let object else { throw Refusal(.invalid, []) }
    self = object
  }

  /// Reads an object whose name is in the body too.
  ///
  /// - Throws: Every fault, with pointers into the body.
  static func named(
    _ kind: ObjectKind,
    from body: JSONValue
  ) throws(Refusal) -> (ObjectKey, ConfigObject) {
    guard case .object(var members) = body else {
      throw Refusal(.invalid, [Fault("", .wrongType, "Must be an object, not \(body.kind).")])
    }
    let name = members.removeValue(forKey: "name") ?? .null
    let faults = FaultCollector()
    // A stand-in lets the other members' faults be found, whatever is wrong with the name.
    let key = ObjectKey(kind, Self.name(name, of: kind, faults: faults) ?? "unnamed")
    let object = ConfigObject(key, from: .object(members), at: "", faults: faults)
    try faults.check()
    guard let object else { throw Refusal(.invalid, []) }
    return (key, object)
  }

  private static func name(
    _ value: JSONValue,
    of kind: ObjectKind,
    faults: FaultCollector
  ) -> String? {
    switch value {
    case .string(let name) where Name.isValid(name): return name
    case .string: faults.add("/name", .invalidValue, Name.rule)
    case .null: faults.add("/name", .required, "A \(kind) needs a name. \(Name.rule)")
    default: faults.add("/name", .wrongType, "Must be a string, not \(value.kind).")
    }
    return nil
  }
}
