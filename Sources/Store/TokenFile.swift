package import Foundation
import GRDB

/// The tokens in a database that need not be served: what the command works on.
///
/// A Chancery that serves the file takes up within a second what is changed here.
package struct TokenFile {
  private let queue: DatabaseQueue

  /// Opens a database that is there, and of this version of Chancery.
  ///
  /// - Throws: `UnusableDatabase`.
  package init(path: String) throws { queue = try DatabaseFile(path: path).openPresent() }

  /// All tokens, sorted by name.
  package func tokens() throws -> [Token] {
    do {
      return try queue.read { try $0.tokens().tokens }
    } catch {
      throw StoreUnavailable(error)
    }
  }

  /// Keeps a new token; a revoked one of that name gives way to it.
  ///
  /// - Throws: `TokenExists`; `StoreUnavailable`.
  package func create(_ token: Token, _ secret: TokenSecret) throws {
    try change { try $0.insert(token, digest: secret.digest) }
  }

  /// Revokes a token.
  ///
  /// - Returns: Whether there is one of that name, also if it was revoked before.
  /// - Throws: `StoreUnavailable`.
  package func revokeToken(_ name: String, at time: Date = Date()) throws -> Bool {
    try change { try $0.revokeToken(name, at: time) }
  }

  private func change<Value>(_ change: (Database) throws -> Value) throws -> Value {
    do {
      return try queue.writeWithoutTransaction { database in
        try database.inChangeOfTokens { try change(database) }
      }
    } catch let error as TokenExists {
      throw error
    } catch {
      throw StoreUnavailable(error)
    }
  }
}

extension DatabaseFile {
  /// The database as it is, to be written to, if this version of Chancery made it what it is.
  ///
  /// - Throws: `UnusableDatabase`, with the file as it was.
  func openPresent() throws -> DatabaseQueue {
    guard FileManager.default.fileExists(atPath: path) else {
      throw unusable("There is no such file. Name another, or make it by chancery serve.")
    }
    try checkHeader()
    do {
      let queue = try DatabaseQueue(path: path, configuration: .chancery)
      try queue.read { database in
        try checkSchema(of: database)
        if try database.schemaVersion < Migration.all.count {
          throw unusable(
            "An older version of Chancery made it. Start chancery serve on it once: that brings it up"
              + " to date."
          )
        }
      }
      return queue
    } catch let error as DatabaseError {
      throw unusable(because: error)
    }
  }
}
