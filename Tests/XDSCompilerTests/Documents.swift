import Model

extension Document {
  /// The document that a JSON text describes.
  init(json text: String) throws { try self.init(JSONValue(json: text)) }

  /// The document that a value describes, checked as the store checks it.
  init(_ value: JSONValue) throws {
    let sections = try DocumentSections(value)
    self.init()
    let change = apply(sections.objects.map { (key: $0.key, value: $0.value) })
    try check(change)
  }

  /// Applies edits and checks them, as the store does.
  mutating func edit(_ edits: (ObjectKey, ConfigObject?)...) throws -> Change {
    let change = apply(edits.map { (key: $0.0, value: $0.1) })
    try check(change)
    return change
  }
}
