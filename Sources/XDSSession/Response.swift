package import Snapshots

/// One message to send.
package struct Response: Sendable {
  package var typeURL: String
  /// The type of the resources, or nil for one this control plane does not serve.
  package var type: ResourceType?
  /// A hash of all that the client has of this type once it has taken the response.
  package var version: String
  package var nonce: String
  /// The revision whose content this is.
  package var revision: Int
  /// When the oldest change that it carries was committed; nil if the client has asked for all of
  /// it.
  package var committed: ContinuousClock.Instant?
  package var resources: [Resource]
  /// Names that do not exist or no longer do; only in delta.
  package var removed: [String]
}

/// What a client did with a response.
package enum Outcome: Hashable, Sendable {
  case accepted(typeURL: String, revision: Int)
  case rejected(typeURL: String, ProxyRejection)
}

/// A change that a client has taken, as it says by an ACK.
package struct Arrival: Hashable, Sendable {
  package var type: ResourceType
  /// When the oldest change of the acked response was committed.
  package var committed: ContinuousClock.Instant
}

/// A moment the session asks to be told of.
package enum Timer: Hashable, Sendable {
  /// Resources have waited long enough for clusters to get ready.
  case hold(Int)
  /// The ACK of a response has been awaited long enough to send the next one.
  case push(Int)
  /// A client that reconnects has had the time to say all that it holds.
  case settle

  /// How long after it was asked for the timer fires.
  package var delay: Duration {
    switch self {
    case .hold: .seconds(15)
    case .push: .seconds(1)
    case .settle: .milliseconds(250)
    }
  }
}

/// What a session wants done after an event.
package struct Output: Sendable {
  /// In the order in which they must be written.
  package var responses: [Response] = []
  package var outcomes: [Outcome] = []
  package var arrivals: [Arrival] = []
  package var timers: [Timer] = []
  /// Set when the stream must end, once the responses are written.
  package var excess: Excess?
}

/// Of what a client wants more than a session keeps.
package enum Excess: Hashable, Sendable {
  /// It asks for more types than there are in the protocol.
  case types
  /// It goes on asking for a type but does not answer the responses.
  case unansweredResponses
}
