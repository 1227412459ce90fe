import Snapshots

/// The state of one type of resource on a stream.
struct Channel: Sendable {
  let url: String
  /// nil for a type this control plane does not serve: it has no resources.
  let type: ResourceType?
  var subscription = Subscription()
  var holdings = Holdings()
  /// The nonce of the last response, answered or not; empty before the first.
  var lastNonce = ""
  /// Responses that were not answered yet, oldest first.
  var flights: [Flight] = []
  /// Names that are to be answered without waiting for an ACK.
  var asked: Set<String> = []
  /// Names whose resource has changed and is to be pushed once the flights are answered.
  var changed: Set<String> = []
  /// Since when the names that have changed are to be sent, for measuring: the session itself does
  /// not look at it.
  var due: [String: ContinuousClock.Instant] = [:]
  /// Names that were looked at and must wait: for a cluster, or until nothing needs them.
  var waiting: Set<String> = []
  /// The first request was not answered yet, and must be, with nothing if there is nothing.
  var owesAnswer = false
  /// State of the world: the version that the client names does not say any more what it has.
  var owesVersion = false
  /// The ACK was awaited long enough: what has changed goes out without it.
  var isOverdue = false
  /// Set while a client that reconnects may still say what it holds of other types.
  var isSettling = false
  /// The client has said in its first request what it holds.
  var saidHoldings = false
  var standing = ProxyStanding()

  init(url: String) {
    self.url = url
    type = ResourceType(url: url)
  }

  /// Unknown types come last.
  var rank: Int { type?.rawValue ?? ResourceType.allCases.count }

  /// Whether the client must be told the version of what it has, now that it has answered all.
  var isVersionDue: Bool { owesVersion && flights.isEmpty }

  /// What the client has, as a version: of no set at all if that is not known for sure.
  var version: String { "\(holdings.fingerprint)" + (holdings.uncertain.isEmpty ? "" : "?") }

  /// Whether the client may be using resources that only it knows.
  var hasUnknown: Bool { !holdings.claimed.isEmpty || flights.contains { !$0.claimed.isEmpty } }

  /// Whether the client has all that it should have.
  var isCurrent: Bool { progress == .current }

  var progress: StreamProgress {
    let isSettled =
      flights.isEmpty && asked.isEmpty && changed.isEmpty && waiting.isEmpty && !owesAnswer
    guard isSettled else { return .pending }
    return holdings.uncertain.isEmpty ? .current : .refused
  }

  /// Whether nothing is to be sent but names that wait, to a client that is sure of what it has; one
  /// that said so is owed no answer before.
  var hasOnlyWaiting: Bool {
    flights.isEmpty && asked.isEmpty && changed.isEmpty && !waiting.isEmpty
      && holdings.uncertain.isEmpty && (saidHoldings || !owesAnswer)
  }

  /// Takes the moment since when the first of these names was due; nil if none was.
  mutating func takeDue(_ names: [String]) -> ContinuousClock.Instant? {
    due.isEmpty ? nil : names.compactMap { due.removeValue(forKey: $0) }.min()
  }
}

/// A response on its way: sent, not yet answered.
struct Flight: Sendable {
  let nonce: String
  let revision: Int
  /// When the oldest change that it carries was committed; nil if it carries none.
  var committed: ContinuousClock.Instant?
  var sent: [String] = []
  var removed: [String] = []
  /// What the client had under these names before: it may use it until it acks.
  var replaced: [Resource] = []
  /// Names that the client had in a version unknown here.
  var claimed: [String] = []

  var names: [String] { sent + removed }
}
