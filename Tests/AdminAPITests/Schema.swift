import Model

/// Validates values by JSON Schema (draft 2020-12), as far as the description uses it.
struct Schema {
  let document: JSONValue

  private static let annotations: Set = [
    "description", "readOnly", "examples", "default",
  ]

  /// RFC 3339, in UTC.
  private static let utcTime: JSONValue =
    #"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$"#

  /// The value that a `$ref` stands for, or the value itself.
  func resolved(_ value: JSONValue) -> JSONValue {
    guard let reference = value["$ref"]?.string else { return value }
    return reference.split(separator: "/").dropFirst()
      .reduce(document) { $0[String($1)] ?? .null }
  }

  /// What does not fit, a sentence each.
  func faults(of value: JSONValue, by schema: JSONValue, at pointer: String = "") -> [String] {
    let schema = resolved(schema)
    if schema == .null { return ["\(pointer): there is no schema"] }
    return schema.members.flatMap { keyword, argument in
      fault(of: value, by: keyword, argument, of: schema, at: pointer)
    }
  }

  private func fits(_ value: JSONValue, _ schema: JSONValue) -> Bool {
    faults(of: value, by: schema).isEmpty
  }

  private func fault(
    of value: JSONValue,
    by keyword: String,
    _ argument: JSONValue,
    of schema: JSONValue,
    at pointer: String
  ) -> [String] {
    switch keyword {
    case "allOf": argument.elements.flatMap { faults(of: value, by: $0, at: pointer) }
    case "properties":
      argument.members.flatMap { name, schema in
        value[name].map { faults(of: $0, by: schema, at: "\(pointer)/\(name)") } ?? []
      }
    case "additionalProperties":
      value.members.filter { schema["properties"]?[$0.key] == nil }.flatMap { name, member in
        argument == false
          ? ["\(pointer)/\(name) is unknown"]
          : faults(of: member, by: argument, at: "\(pointer)/\(name)")
      }
    case "propertyNames":
      value.members.keys.flatMap { faults(of: .string($0), by: argument, at: pointer) }
    case "items":
      value.elements.enumerated()
        .flatMap { faults(of: $1, by: argument, at: "\(pointer)/\($0)") }
    default:
      accepts(value, keyword, argument) ? [] : ["\(pointer): \(keyword) \(argument.text)"]
    }
  }

  private func accepts(_ value: JSONValue, _ keyword: String, _ argument: JSONValue) -> Bool {
    switch keyword {
    case "type": ([argument] + argument.elements).contains { isA($0.string, value) }
    case "enum": argument.elements.contains(value)
    case "const": argument == value
    case "required": argument.elements.allSatisfy { value[$0.string ?? ""] != nil }
    case "anyOf": argument.elements.contains { fits(value, $0) }
    case "oneOf": argument.elements.count { fits(value, $0) } == 1
    case "pattern": matches(value, argument)
    case "uniqueItems": Set(value.elements).count == value.elements.count
    case "format": argument != "date-time" || matches(value, Self.utcTime)
    case "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems":
      isWithin(value, keyword, argument)
    default: Self.annotations.contains(keyword)
    }
  }

  private func isA(_ type: String?, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("null", .null),
      ("integer", .integer), ("boolean", .bool):
      true
    default: false
    }
  }

  private func matches(_ value: JSONValue, _ pattern: JSONValue) -> Bool {
    guard case .string(let text) = value else { return true }
    guard let regex = try? Regex(pattern.string ?? "(") else { return false }
    return text.contains(regex)
  }

  private func isWithin(_ value: JSONValue, _ keyword: String, _ limit: JSONValue) -> Bool {
    guard case .integer(let limit) = limit else { return false }
    let size: Int64? =
      switch (value, keyword) {
      case (.integer(let integer), "minimum"), (.integer(let integer), "maximum"): integer
      case (.string(let text), "minLength"), (.string(let text), "maxLength"):
        Int64(text.unicodeScalars.count)
      case (.array(let elements), "minItems"), (.array(let elements), "maxItems"):
        Int64(elements.count)
      default: nil
      }
    guard let size else { return true }
    return keyword.hasPrefix("min") ? size >= limit : size <= limit
  }
}
