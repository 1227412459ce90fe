/// Rules of names and labels.
package enum Name {
  /// Whether the text may name an object: 1–63 of `[a-z0-9-]`, alphanumeric at both ends.
  package static func isValid(_ name: String) -> Bool {
    guard (1...63).contains(name.utf8.count), name.first != "-", name.last != "-" else {
      return false
    }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "-"): true
      default: false
      }
    }
  }

  /// What a name must be, as an error text says it.
  package static let rule =
    "A name is 1 to 63 of a-z, 0-9 and \"-\", and starts and ends with a letter or digit."
}

extension ObjectReader {
  /// Labels: text by key, keys of 1–63 and values of up to 255 bytes.
  mutating func labels() -> [String: String]? {
    guard let entries = map("labels") else { return nil }
    var labels: [String: String] = [:]
    for (key, value, pointer) in entries {
      if case .string(let text) = value, (1...63).contains(key.utf8.count), text.utf8.count <= 255 {
        labels[key] = text
      } else {
        faults.add(
          pointer,
          .invalidValue,
          "A label is a key of 1 to 63 bytes and a text of at most 255 bytes."
        )
      }
    }
    return labels
  }
}

extension JSONValue {
  init(labels: [String: String]) { self = .object(labels.mapValues { .string($0) }) }
}
