import GRDB
import Model

extension Store {
  /// The edits that make the document of revision `number` that of the revision before.
  ///
  /// Costs the objects that it changed; blocks while the database is read.
  ///
  /// - Throws: A `Refusal` if this version of Chancery does not understand an object of then.
  package func stepBack(from number: Int) throws -> [ObjectEdit] {
    try pool.read { database in
      let faults = FaultCollector()
      let keys = Set(try database.rowsChanged(in: number).map(\.object))
      let edits: [ObjectEdit] = try keys.sorted().map { key in
        let object = try database.object(key, at: number - 1)
        return (key, object?.object(of: key, faults: faults))
      }
      try faults.check()
      return edits
    }
  }
}
