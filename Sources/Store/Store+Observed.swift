import GRDB

// What proxies report, apart from the document and its history.
extension Store {
  /// All that is kept of proxies, sorted by their ids; the rejections of each oldest first.
  package func observations() throws -> Observations {
    try pool.read { try $0.observations() }
  }

  /// Keeps what was observed, durably when this returns: all of it, in one transaction.
  ///
  /// It takes turns with the writes of the configuration, and is never in their transactions.
  ///
  /// - Throws: `StoreUnavailable`; then nothing of it is kept.
  package func keep(_ observations: Observations) async throws(StoreUnavailable) {
    if observations.isEmpty { return }
    do {
      try await pool.writeWithoutTransaction { [watch] database in
        try database.inTransaction(.immediate) {
          try watch.check(database)
          try database.keep(observations)
          return .commit
        }
        // As for any COMMIT: somebody may have removed the file meanwhile.
        try watch.checkFiles()
      }
    } catch {
      throw StoreUnavailable(error)
    }
  }
}
