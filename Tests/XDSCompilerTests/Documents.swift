import Model

extension Document {
  /// The document that a text describes, checked as the store checks it.
  init(json text: String) throws {
    let sections = try DocumentSections(JSONValue(json: text))
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
