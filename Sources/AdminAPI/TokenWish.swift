import Foundation
import Model
import Store

/// What is asked for of a new token.
struct TokenWish: Sendable {
  var name: String
  var role: Role
  var expiresAt: Date?

  /// - Throws: Every fault, with pointers into the body.
  init(_ body: JSONValue, at now: Date) throws(Refusal) {
    guard case .object(let members) = body else {
      throw Refusal(.invalid, [Fault("", .wrongType, "Must be an object, not \(body.kind).")])
    }
    let faults = FaultCollector()
    let name = Self.name(members["name"] ?? .null, faults)
    let role = Self.role(members["role"] ?? .null, faults)
    expiresAt = Self.expiry(members["expires_at"] ?? .null, after: now, faults)
    let known = ["expires_at", "name", "role"]
    for member in members.keys.sorted() where !known.contains(member) {
      let detail = "There is no such field here. There are: \(known.joined(separator: ", "))."
      faults.add(JSONPointer.join("", member), .unknownField, detail)
    }
    try faults.check()
    guard let name, let role else { throw Refusal(.invalid, []) }
    self.name = name
    self.role = role
  }

  private static func name(_ value: JSONValue, _ faults: FaultCollector) -> String? {
    guard let name = text(value, "/name", Name.rule, faults) else { return nil }
    if !Name.isValid(name) {
      faults.add("/name", .invalidValue, Name.rule)
    } else if Token.reservedNames.contains(name) {
      faults.add(
        "/name",
        .invalidValue,
        "No token can be called \"\(name)\": it means somebody else."
      )
    } else {
      return name
    }
    return nil
  }

  private static func role(_ value: JSONValue, _ faults: FaultCollector) -> Role? {
    let detail = "Must be one of: \(Role.allCases.map(\.rawValue).joined(separator: ", "))."
    guard let text = text(value, "/role", detail, faults) else { return nil }
    if let role = Role(rawValue: text) { return role }
    faults.add("/role", .invalidValue, detail)
    return nil
  }

  private static func expiry(_ value: JSONValue, after now: Date, _ faults: FaultCollector) -> Date?
  {
    if value == .null { return nil }
    let detail = "Must be a time to come, such as \"2030-01-31T12:00:00Z\"."
    guard let text = text(value, "/expires_at", detail, faults) else { return nil }
    let formats = [true, false].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
    if let date = formats.lazy.compactMap({ try? $0.parse(text) }).first, date > now { return date }
    faults.add("/expires_at", .invalidValue, detail)
    return nil
  }

  private static func text(
    _ value: JSONValue,
    _ pointer: String,
    _ rule: String,
    _ faults: FaultCollector
  ) -> String? {
    switch value {
    case .string(let text): return text
    case .null: faults.add(pointer, .required, "It is needed. \(rule)")
    default: faults.add(pointer, .wrongType, "Must be a string, not \(value.kind).")
    }
    return nil
  }
}
