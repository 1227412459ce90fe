import Crypto
package import Foundation

/// What a caller of the API may do; each role may do all that the ones before it may.
package enum Role: String, CaseIterable, Comparable, Sendable {
  /// Reads.
  case viewer
  /// Writes the document.
  case editor
  /// Manages tokens, and takes backups.
  case admin

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// What is known of a token, which is not the token itself.
package struct Token: Hashable, Sendable {
  /// What becomes of a token.
  package enum State: String, CaseIterable, Sendable { case active, expired, revoked }

  /// Unique, and the author of its bearer's revisions.
  package var name: String
  package var role: Role
  package var createdAt: Date
  /// The name of the token that it was made with, or one of `reservedNames`.
  package var createdBy: String
  /// nil: never.
  package var expiresAt: Date?
  package var revokedAt: Date?

  package init(
    name: String,
    role: Role,
    createdAt: Date,
    createdBy: String,
    expiresAt: Date? = nil,
    revokedAt: Date? = nil
  ) {
    self.name = name
    self.role = role
    self.createdAt = createdAt
    self.createdBy = createdBy
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
  }

  /// What has become of it by that time.
  package func state(at time: Date) -> State {
    if revokedAt != nil { return .revoked }
    return (expiresAt ?? .distantFuture) > time ? .active : .expired
  }

  /// Authors that are no token's bearer.
  package static let reservedNames: Set = ["anonymous", "chancery", "command", "sql"]
}

/// A token as its bearer sends it.
///
/// The text is told once, to whoever makes it; only its digest is kept.
package struct TokenSecret: Sendable {
  /// Tells Chancery's tokens from others, to people and to programs that look for leaked ones.
  static let prefix = "chy_"

  package let text: String

  /// A new one of 256 random bits.
  package init() {
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
    text = Self.prefix + bytes.map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
  }

  package init(_ text: String) { self.text = text }

  /// Its SHA-256: no other text can be found that has the same.
  var digest: Data { Data(SHA256.hash(data: Data(text.utf8))) }
}

/// All tokens that there are, to be found by what their bearers send.
package struct TokenIndex: Sendable {
  private let byDigest: [Data: Token]

  init(_ byDigest: [Data: Token] = [:]) { self.byDigest = byDigest }

  /// Sorted by name.
  package var tokens: [Token] { byDigest.values.sorted { $0.name < $1.name } }

  /// What is known of the token of that name, in whatever state it is; nil if there is none.
  package func token(named name: String) -> Token? { byDigest.values.first { $0.name == name } }

  /// Whether anybody has a token that was not revoked.
  ///
  /// An expired one counts: what was closed does not open by itself.
  package var isInUse: Bool { byDigest.values.contains { $0.revokedAt == nil } }

  /// What is known of a token, in whatever state it is; nil if it is none.
  ///
  /// Only digests are compared, so that the time it takes tells nothing of the tokens that exist.
  package func token(of secret: TokenSecret) -> Token? { byDigest[secret.digest] }
}

/// There is a token of that name, and it was not revoked.
package struct TokenExists: Error, Hashable, CustomStringConvertible {
  package var name: String

  package init(name: String) { self.name = name }

  package var description: String {
    "There is a token \"\(name)\" already. Revoke it first, or choose another name."
  }
}
