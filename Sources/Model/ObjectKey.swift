/// A kind of object that a document holds.
package enum ObjectKind: String, CaseIterable, Comparable, Sendable {
  case gateway, service, route

  /// The name of its section in the document, and of its collection in the API.
  package var section: String { rawValue + "s" }

  package init?(section: String) {
    guard let kind = Self.allCases.first(where: { $0.section == section }) else { return nil }
    self = kind
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// What identifies an object of a document; it never changes.
package struct ObjectKey: Hashable, Comparable, Sendable {
  package var kind: ObjectKind
  package var name: String

  package init(_ kind: ObjectKind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  /// The JSON pointer to the object in the document.
  package var pointer: String { JSONPointer.join("/" + kind.section, name) }

  package static func < (left: Self, right: Self) -> Bool {
    (left.kind, left.name) < (right.kind, right.name)
  }
}
