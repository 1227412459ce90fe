import Model
import Testing

/// What reading an object found: the object, and the faults as "pointer code", in order.
func read(_ kind: ObjectKind, _ json: String) throws -> (object: ConfigObject?, faults: [String]) {
  let faults = FaultCollector()
  let value = try JSONValue(json: json)
  let object = ConfigObject(ObjectKey(kind, "x"), from: value, at: "", faults: faults)
  return (object, described(faults.faults))
}

func described(_ faults: [Fault]) -> [String] {
  Refusal(.invalid, faults).faults.map { "\($0.pointer) \($0.code.rawValue)" }
}

/// An object that must be read without a fault.
func object(_ kind: ObjectKind, _ json: String) throws -> ConfigObject {
  let (object, faults) = try read(kind, json)
  #expect(faults == [])
  return try #require(object)
}
