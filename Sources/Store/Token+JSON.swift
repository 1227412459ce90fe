package import Foundation
package import Model

extension Token {
  /// All that is known of it, as of that time.
  package func json(at time: Date) -> JSONValue {
    [
      "name": .string(name),
      "role": .string(role.rawValue),
      "state": .string(state(at: time).rawValue),
      "created_at": .string(createdAt.stored),
      "created_by": .string(createdBy),
      "expires_at": expiresAt.map { .string($0.stored) } ?? .null,
      "revoked_at": revokedAt.map { .string($0.stored) } ?? .null,
    ]
  }

  /// The same of a new token, with what it is: nobody is told that again.
  package func json(at time: Date, with secret: TokenSecret) -> JSONValue {
    guard case .object(var members) = json(at: time) else { return .null }
    members["token"] = .string(secret.text)
    return .object(members)
  }
}
