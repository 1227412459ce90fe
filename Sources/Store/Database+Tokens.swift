import Foundation
import GRDB

extension Database {
  func tokens() throws -> TokenIndex {
    var tokens: [Data: Token] = [:]
    let rows = try Row.fetchCursor(self, sql: "SELECT * FROM token")
    while let row = try rows.next() { tokens[row["digest"]] = Token(row: row) }
    return TokenIndex(tokens)
  }

  /// Adds a token, in the place of a revoked one of that name if there is one.
  ///
  /// - Throws: `TokenExists`.
  func insert(_ token: Token, digest: Data) throws {
    try execute(
      sql: """
        INSERT INTO token (name, role, digest, created_at, created_by, expires_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET
          role = excluded.role, digest = excluded.digest, created_at = excluded.created_at,
          created_by = excluded.created_by, expires_at = excluded.expires_at, revoked_at = NULL
        WHERE revoked_at IS NOT NULL
        """,
      arguments: [
        token.name, token.role.rawValue, digest, token.createdAt.stored, token.createdBy,
        token.expiresAt?.stored,
      ]
    )
    if changesCount == 0 { throw TokenExists(name: token.name) }
  }

  /// Revokes a token, unless that was done before.
  ///
  /// - Returns: Whether there is one of that name.
  func revokeToken(_ name: String, at time: Date) throws -> Bool {
    try execute(
      sql: "UPDATE token SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL",
      arguments: [time.stored, name]
    )
    return try Bool.fetchOne(
      self,
      sql: "SELECT EXISTS (SELECT 1 FROM token WHERE name = ?)",
      arguments: [name]
    ) ?? false
  }
}

extension Token {
  /// A role that this version does not know may do the least, and a time that nobody can read is
  /// long past: so what a shell made of it opens nothing.
  fileprivate init(row: Row) {
    self.init(
      name: row["name"],
      role: Role(rawValue: row["role"]) ?? .viewer,
      createdAt: Date(stored: row["created_at"]),
      createdBy: row["created_by"],
      expiresAt: (row["expires_at"] as String?).map(Date.init(stored:)),
      revokedAt: (row["revoked_at"] as String?).map(Date.init(stored:))
    )
  }
}
