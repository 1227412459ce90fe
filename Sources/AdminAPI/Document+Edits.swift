import Model
import Store

extension Document {
  /// The edits that put sections in place of the document's; `prune` says whether objects go that
  /// a named section does not hold.
  func edits(replacing sections: DocumentSections, prune: Bool) -> [ObjectEdit] {
    let removed = prune ? sections.named.sorted().flatMap { removals(from: $0, but: sections) } : []
    return removed + sections.objects.map { ($0, $1) }
  }

  private func removals(from kind: ObjectKind, but sections: DocumentSections) -> [ObjectEdit] {
    names(of: kind).map { ObjectKey(kind, $0) }
      .filter { sections.objects[$0] == nil }
      .map { ($0, nil) }
  }

  /// The edits that a merge patch (RFC 7396) of the document asks for; they cost what the patch
  /// names.
  ///
  /// - Throws: Every fault of every object that the patch makes, with pointers into the document.
  func edits(patching patch: JSONValue) throws(Refusal) -> [ObjectEdit] {
    guard case .object(let sections) = patch else {
      throw Refusal(.invalid, [Fault("", .wrongType, "Must be an object, not \(patch.kind).")])
    }
    let faults = FaultCollector()
    let edits = sections.flatMap { name, section in
      guard let kind = ObjectKind(section: name) else {
        let names = ObjectKind.allCases.map(\.section).sorted().joined(separator: ", ")
        let detail = "There is no such section. There are: \(names)."
        faults.add(JSONPointer.join("", name), .unknownField, detail)
        return [ObjectEdit]()
      }
      return self.edits(of: kind, patching: section, faults: faults)
    }
    try faults.check()
    return edits
  }

  private func edits(
    of kind: ObjectKind,
    patching section: JSONValue,
    faults: FaultCollector
  ) -> [ObjectEdit] {
    switch section {
    case .null: return names(of: kind).map { (ObjectKey(kind, $0), nil) }
    case .object(let patches):
      return patches.compactMap { name, patch in
        edit(of: ObjectKey(kind, name), patching: patch, faults: faults)
      }
    default:
      faults.add("/\(kind.section)", .wrongType, "Must be an object, not \(section.kind).")
      return []
    }
  }

  private func edit(
    of key: ObjectKey,
    patching patch: JSONValue,
    faults: FaultCollector
  ) -> ObjectEdit? {
    if patch == .null { return (key, nil) }
    let value = (self[key]?.json ?? .null).merging(patch)
    let object = ConfigObject(key, from: value, at: key.pointer, faults: faults)
    return object.map { (key, $0) }
  }
}
