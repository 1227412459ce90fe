/// What a client says in one message, of one type of resource.
package struct Request: Sendable {
  /// The two dialects of the protocol differ in how a client says what it wants.
  package enum Want: Sendable {
    /// State of the world: all names it wants from now on, and the version it has.
    case whole(names: [String] = [], version: String = "")
    /// Delta: what changes in its wishes, and, in its first request, the versions it holds.
    case change(
      subscribe: [String] = [],
      unsubscribe: [String] = [],
      holding: [String: String] = [:]
    )
  }

  package var typeURL: String
  package var want: Want
  /// The nonce of the response that this request answers; empty if it answers none.
  package var nonce: String
  /// Why the client refuses that response (a NACK); nil if it does not.
  package var error: String?

  package init(_ typeURL: String, _ want: Want, nonce: String = "", error: String? = nil) {
    self.typeURL = typeURL
    self.want = want
    self.nonce = nonce
    self.error = error
  }
}
