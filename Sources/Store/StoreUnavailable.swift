import GRDB

/// Why the store cannot write now, although the request may be right: 503.
package struct StoreUnavailable: Error, Hashable, Sendable {
  /// A sentence.
  package var reason: String

  package init(reason: String) { self.reason = reason }

  init(_ error: any Error) {
    guard let error = error as? DatabaseError else {
      self = error as? Self ?? Self(reason: "The database cannot be written: \(error)")
      return
    }
    reason =
      switch error.resultCode {
      case .SQLITE_BUSY:
        "Another process holds the database's write lock for more than "
          + "\(Int(Configuration.patience)) s."
      case .SQLITE_FULL: "The disk is full."
      default: "The database cannot be written: \(error.message ?? "\(error.resultCode)")."
      }
  }
}
