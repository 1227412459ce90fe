package import Foundation
import GRDB
import Synchronization

// Who may call the API, apart from the document and its history.
extension Store {
  /// All tokens.
  ///
  /// What another process did to them is known within a second, as long as `run` runs.
  package var tokens: TokenIndex { index.withLock { $0 } }

  /// Keeps a new token, durably when this returns; a revoked one of that name gives way to it.
  ///
  /// - Throws: `TokenExists`; `StoreUnavailable`.
  package func create(_ token: Token, _ secret: TokenSecret) async throws {
    try await changeTokens { try $0.insert(token, digest: secret.digest) }
  }

  /// Revokes a token, durably when this returns.
  ///
  /// - Returns: Whether there is one of that name, also if it was revoked before.
  /// - Throws: `StoreUnavailable`.
  package func revokeToken(_ name: String, at time: Date = Date()) async throws -> Bool {
    try await changeTokens { try $0.revokeToken(name, at: time) }
  }

  /// Reads all tokens anew, on the one connection that also changes them, so that what is known is
  /// never older than it was.
  func readTokens(in database: Database) throws {
    let tokens = try database.tokens()
    index.withLock { $0 = tokens }
  }

  private func changeTokens<Value: Sendable>(
    _ change: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    do {
      return try await pool.writeWithoutTransaction { [self] database in
        let value = try database.inChangeOfTokens {
          try watch.check(database)
          return try change(database)
        }
        // As for any COMMIT: somebody may have removed the file meanwhile.
        try watch.checkFiles()
        try readTokens(in: database)
        return value
      }
    } catch let error as TokenExists {
      throw error
    } catch {
      throw StoreUnavailable(error)
    }
  }
}

extension Database {
  /// Does it in a transaction of its own, and gives what came of it.
  func inChangeOfTokens<Value>(_ change: () throws -> Value) throws -> Value {
    var value: Value?
    try inTransaction(.immediate) {
      value = try change()
      return .commit
    }
    guard let value else { throw StoreUnavailable(reason: "The database did not take the change.") }
    return value
  }
}
