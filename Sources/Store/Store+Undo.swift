import GRDB
import Model

extension Store {
  /// The edits that undo one revision and keep the later ones; nil if there is no such revision.
  ///
  /// To be called in a write's `edit`, with its head: then it sees what the write sees. Costs the
  /// objects that the revision changed.
  ///
  /// - Throws: A `Refusal` of kind conflict with a pointer to each place where a later change stands
  ///   in the way, or one of an object that this version of Chancery does not understand.
  package func edits(undoing number: Int, from head: Head<Compiled>) throws -> [ObjectEdit]? {
    guard number >= 1, number <= head.revision.number else { return nil }
    return try pool.unsafeReentrantWrite { database in
      let conflicts = FaultCollector()
      let faults = FaultCollector()
      let keys = Set(try database.rowsChanged(in: number).map(\.object))
      let edits: [ObjectEdit] = try keys.sorted().compactMap { key in
        let now = try database.object(key, at: head.revision.number)
        let undo = Undo(
          from: try database.object(key, at: number - 1)?.keyed,
          to: try database.object(key, at: number)?.keyed,
          now: now?.keyed
        )
        for pointer in undo.conflicts {
          conflicts.add(
            key.pointer + StoredObject.pointer(keyed: pointer),
            .changedSince,
            Self.changedSince(number)
          )
        }
        let object = undo.result.map(StoredObject.init(keyed:))
        if !undo.conflicts.isEmpty || object == now { return nil }
        return (key, object?.object(of: key, faults: faults))
      }
      if !conflicts.faults.isEmpty { throw Refusal(.conflict, conflicts.faults) }
      try faults.check()
      return edits
    }
  }

  private static func changedSince(_ number: Int) -> String {
    "A later revision changed it: it is no longer as revision \(number) left it."
  }
}

extension StoredObject {
  /// The object with its endpoints by id, so that each is a member of its own, the first one too.
  fileprivate var keyed: JSONValue {
    ["spec": Self.value(spec), "endpoints": .object(endpoints.mapValues(Self.value))]
  }

  fileprivate init(keyed value: JSONValue) {
    self.init(spec: value["spec"]?.text ?? "{}")
    if case .object(let members) = value["endpoints"] { endpoints = members.mapValues(\.text) }
  }

  /// A pointer into the object for one into `keyed`.
  fileprivate static func pointer(keyed pointer: String) -> String {
    pointer.hasPrefix("/spec") ? String(pointer.dropFirst(5)) : pointer
  }

  private static func value(_ text: String) -> JSONValue {
    (try? JSONValue(json: text)) ?? .string(text)
  }
}
