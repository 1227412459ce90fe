/// Reads the members of one JSON object and collects everything that is wrong with them.
///
/// A reading function returns nil where the member is absent, null, or wrong; wrong ones are
/// added to the faults. `finish()` adds the members that nobody asked for.
struct ObjectReader {
  let pointer: String
  let faults: FaultCollector
  private let members: [String: JSONValue]
  private var known: Set<String> = []

  /// nil, and a fault, if the value is no object.
  init?(_ value: JSONValue, at pointer: String, faults: FaultCollector) {
    guard case .object(let members) = value else {
      faults.add(pointer, .wrongType, "Must be an object, not \(value.kind).")
      return nil
    }
    self.pointer = pointer
    self.faults = faults
    self.members = members
  }

  func pointer(to member: String) -> String { JSONPointer.join(pointer, member) }

  func fault(_ member: String, _ code: Fault.Code, _ detail: String) {
    faults.add(pointer(to: member), code, detail)
  }

  /// The member as it stands; null counts as absent.
  mutating func value(_ member: String) -> JSONValue? {
    known.insert(member)
    let value = members[member]
    return value == .null ? nil : value
  }

  /// Whether the member is there and not null.
  func isGiven(_ member: String) -> Bool {
    guard let value = members[member] else { return false }
    return value != .null
  }

  /// Passes over a member that answers carry and requests need not.
  mutating func ignore(_ member: String) { known.insert(member) }

  /// Says that a member is needed, if it is absent.
  func require(_ member: String, _ detail: String) {
    if !isGiven(member) { fault(member, .required, detail) }
  }

  mutating func string(_ member: String) -> String? {
    guard let value = value(member) else { return nil }
    guard case .string(let string) = value else { return wrongType(member, "a string", value.kind) }
    return string
  }

  mutating func bool(_ member: String) -> Bool? {
    guard let value = value(member) else { return nil }
    guard case .bool(let bool) = value else {
      return wrongType(member, "true or false", value.kind)
    }
    return bool
  }

  mutating func integer(_ member: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = value(member) else { return nil }
    let integer: Int?
    switch value {
    case .integer(let exact): integer = Int(exactly: exact)
    // One that 64 bits do not hold; a fraction is another type.
    case .number(let number) where number.rounded() == number: integer = nil
    case .number: return wrongType(member, "an integer", "a fraction")
    default: return wrongType(member, "an integer", value.kind)
    }
    if let integer, range.contains(integer) { return integer }
    fault(member, .outOfRange, "Must be from \(range.lowerBound) to \(range.upperBound).")
    return nil
  }

  /// One of an enumeration's raw values.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ member: String,
    of: Choice.Type
  ) -> Choice? {
    guard let text = string(member) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    fault(member, .invalidValue, "Must be one of: \(names).")
    return nil
  }

  mutating func duration(_ member: String, in range: ClosedRange<TimeSpan>) -> TimeSpan? {
    guard let text = string(member) else { return nil }
    guard let span = TimeSpan(text) else {
      fault(member, .invalidValue, "Must be a duration, such as \"250ms\", \"5s\" or \"1m30s\".")
      return nil
    }
    guard range.contains(span) else {
      fault(member, .outOfRange, "Must be from \(range.lowerBound) to \(range.upperBound).")
      return nil
    }
    return span
  }

  /// A reader of a member that is an object.
  mutating func object(_ member: String) -> ObjectReader? {
    value(member).flatMap { ObjectReader($0, at: pointer(to: member), faults: faults) }
  }

  /// The elements of an array, each with its pointer.
  mutating func array(_ member: String) -> [(value: JSONValue, pointer: String)]? {
    guard let value = value(member) else { return nil }
    guard case .array(let elements) = value else {
      return wrongType(member, "an array", value.kind)
    }
    let pointer = pointer(to: member)
    return elements.enumerated().map { ($1, "\(pointer)/\($0)") }
  }

  /// An array of strings, those that are none left out.
  mutating func strings(_ member: String) -> [(value: String, pointer: String)]? {
    array(member)?.compactMap { element, pointer in
      if case .string(let string) = element { return (string, pointer) }
      faults.add(pointer, .wrongType, "Must be a string, not \(element.kind).")
      return nil
    }
  }

  /// The members of an object as pairs in the order of their names, each with its pointer.
  mutating func map(_ member: String) -> [(name: String, value: JSONValue, pointer: String)]? {
    guard let value = value(member) else { return nil }
    guard case .object(let members) = value else {
      return wrongType(member, "an object", value.kind)
    }
    let pointer = pointer(to: member)
    return members.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value, JSONPointer.join(pointer, $0.key)) }
  }

  /// Adds a fault for each member that was not asked for.
  func finish() {
    for name in members.keys where !known.contains(name) {
      let fields = known.sorted().joined(separator: ", ")
      fault(name, .unknownField, "There is no such field here. There are: \(fields).")
    }
  }

  private func wrongType<Value>(_ member: String, _ wanted: String, _ found: String) -> Value? {
    fault(member, .wrongType, "Must be \(wanted), not \(found).")
    return nil
  }
}
