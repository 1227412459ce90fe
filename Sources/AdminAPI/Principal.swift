import Store

/// On whose behalf a call is made.
struct Principal: Hashable, Sendable {
  /// The author of the revisions that it makes.
  var name: String
  var role: Role

  /// Whoever calls an API that nobody needs a token for: nothing is kept from anybody.
  static let anonymous = Principal(name: "anonymous", role: .admin)
}
