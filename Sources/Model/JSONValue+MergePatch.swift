extension JSONValue {
  /// The value after a merge patch (RFC 7396): null removes, objects merge, all else replaces.
  package func merging(_ patch: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var members: [String: JSONValue] = [:]
    if case .object(let own) = self { members = own }
    for (name, change) in changes {
      members[name] = change == .null ? nil : (members[name] ?? .null).merging(change)
    }
    return .object(members)
  }
}
