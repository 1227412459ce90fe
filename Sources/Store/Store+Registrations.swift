import GRDB
import Logging
import Model

// Registrations, apart from the document and its history.
extension Store {
  /// Stores registrations: all of them in one transaction, durable when it returns.
  ///
  /// It returns the puts that were passed over because there is no such service, and throws if
  /// nothing was stored.
  package typealias StoreRegistrations =
    ([RegistrationEdit]) throws(StoreUnavailable) -> Set<Registration.Key>

  /// All that are stored; one that makes no sense, which others wrote, is passed over.
  package func registrations() throws -> [Registration] {
    try pool.read { database in
      try Row.fetchAll(database, sql: "SELECT service, id, spec, ttl FROM registration")
        .compactMap { row in
          if let registration = Registration(row: row) { return registration }
          logger.warning(
            "A stored registration makes no sense",
            metadata: ["service": "\(row["service"] as String)", "id": "\(row["id"] as String)"]
          )
          return nil
        }
    }
  }

  /// Calls a closure on the thread that commits, between two groups of revisions.
  ///
  /// So what it does happens in the order of the commits. It is called also when the store is
  /// closed, and then nothing can be stored.
  package func registering(_ body: @escaping @Sendable (StoreRegistrations) -> Void) {
    pool.asyncWriteWithoutTransaction { database in
      body { edits throws(StoreUnavailable) in try self.commit(edits, in: database) }
    }
  }

  private func commit(
    _ edits: [RegistrationEdit],
    in database: Database
  ) throws(StoreUnavailable) -> Set<Registration.Key> {
    if edits.isEmpty { return [] }
    var orphans: Set<Registration.Key> = []
    do {
      try database.inTransaction(.immediate) {
        try watch.check(database)
        for edit in edits where try !database.apply(edit) { orphans.insert(edit.key) }
        return .commit
      }
      // As for any COMMIT: somebody may have removed the file meanwhile.
      try watch.checkFiles()
    } catch {
      throw StoreUnavailable(error)
    }
    return orphans
  }
}

extension Database {
  /// - Returns: Whether there is such a service.
  fileprivate func apply(_ edit: RegistrationEdit) throws -> Bool {
    switch edit {
    case .put(let registration): return try put(registration)
    case .remove(let key):
      try cachedStatement(sql: "DELETE FROM registration WHERE service = ? AND id = ?")
        .execute(arguments: [key.service, key.id])
      return true
    }
  }

  private func put(_ registration: Registration) throws -> Bool {
    try cachedStatement(
      sql: """
        INSERT INTO registration (service, id, spec, ttl)
        SELECT name, ?, ?, ? FROM service WHERE name = ?
        ON CONFLICT (service, id) DO UPDATE SET spec = excluded.spec, ttl = excluded.ttl
        """
    ).execute(arguments: [
      registration.endpoint.id, registration.endpoint.spec.text, registration.ttl.milliseconds,
      registration.service,
    ])
    return changesCount > 0
  }
}

extension Registration {
  /// nil if the row makes no sense.
  fileprivate init?(row: Row) {
    let faults = FaultCollector()
    guard let spec = try? JSONValue(json: (row["spec"] as String).utf8),
      let endpoint = Endpoint(id: row["id"], spec: spec, at: "", faults: faults),
      faults.faults.isEmpty, !endpoint.isNamed
    else { return nil }
    self.init(service: row["service"], endpoint: endpoint, ttl: TimeSpan(milliseconds: row["ttl"]))
  }
}
