extension Document {
  /// The whole document, one member a section.
  package var json: JSONValue {
    var sections: [String: JSONValue] = [:]
    for kind in ObjectKind.allCases {
      var members: [String: JSONValue] = [:]
      for name in names(of: kind) { members[name] = self[ObjectKey(kind, name)]?.json }
      sections[kind.section] = .object(members)
    }
    return .object(sections)
  }
}

/// The sections of a document that somebody sent; those left out are not meant.
package struct DocumentSections: Sendable {
  package private(set) var named: Set<ObjectKind> = []
  package private(set) var objects: [ObjectKey: ConfigObject] = [:]

  /// - Throws: Every fault of every object.
  package init(_ value: JSONValue) throws(Refusal) {
    let faults = FaultCollector()
    if var reader = ObjectReader(value, at: "", faults: faults) {
      for kind in ObjectKind.allCases { read(kind, from: &reader) }
      reader.finish()
    }
    try faults.check()
  }

  private mutating func read(_ kind: ObjectKind, from reader: inout ObjectReader) {
    guard let members = reader.map(kind.section) else { return }
    named.insert(kind)
    for (name, value, pointer) in members {
      let key = ObjectKey(kind, name)
      objects[key] = ConfigObject(key, from: value, at: pointer, faults: reader.faults)
    }
  }
}
