import Foundation

extension JSONValue {
  /// Reads a JSON text (RFC 8259) of at most 512 levels.
  ///
  /// - Throws: `MalformedText` if the bytes are none.
  package init(json bytes: some Sequence<UInt8>) throws(MalformedText) {
    do {
      self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    } catch DecodingError.dataCorrupted(let context) {
      throw MalformedText(describing: context)
    } catch {
      throw MalformedText(reason: "\(error)")
    }
  }

  package init(json text: String) throws(MalformedText) { try self.init(json: text.utf8) }

  /// The value's JSON text, members sorted by name: equal values have equal texts.
  package var text: String { String(decoding: bytes(pretty: false), as: UTF8.self) }

  /// The value's JSON text in UTF-8, members sorted by name.
  package func bytes(pretty: Bool) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    // No value fails to encode: a JSON text has no other numbers than finite ones.
    return (try? encoder.encode(self)).map(Array.init) ?? []
  }
}

/// Says why a text is not the JSON or YAML that it was taken for.
package struct MalformedText: Error, Hashable, Sendable {
  package var reason: String

  package init(reason: String) { self.reason = reason }

  init(describing context: DecodingError.Context) {
    let cause = context.underlyingError as NSError?
    let reason = cause?.userInfo[NSDebugDescriptionErrorKey] as? String
    self.init(reason: reason ?? context.debugDescription)
  }
}

extension JSONValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // The most frequent first: each attempt that fails costs an error.
    if let string = try? container.decode(String.self) {
      self = .string(string)
    } else if let members = try? container.decode([String: JSONValue].self) {
      self = .object(members)
    } else if let elements = try? container.decode([JSONValue].self) {
      self = .array(elements)
    } else if let integer = try? container.decode(Int64.self) {
      self = .integer(integer)
    } else if let bool = try? container.decode(Bool.self) {
      self = .bool(bool)
    } else if container.decodeNil() {
      self = .null
    } else {
      self = .number(try container.decode(Double.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let bool): try container.encode(bool)
    case .integer(let integer): try container.encode(integer)
    case .number(let number): try container.encode(number)
    case .string(let string): try container.encode(string)
    case .array(let elements): try container.encode(elements)
    case .object(let members): try container.encode(members)
    }
  }
}
