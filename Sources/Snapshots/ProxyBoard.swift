import Synchronization

/// Which proxies are connected and what they answered: what was observed, where the snapshots are
/// what is desired.
package final class ProxyBoard: Sendable {
  private struct State {
    var connections: [ProxyConnection.ID: ProxyConnection] = [:]
    var opened = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// The open streams, in the order of their opening.
  ///
  /// One proxy may have several.
  package var connections: [ProxyConnection] {
    state.withLock { Array($0.connections.values) }.sorted { $0.id < $1.id }
  }

  /// Enters a stream of that proxy.
  package func open(_ node: ProxyNode) -> ProxyConnection.ID {
    state.withLock { state in
      state.opened += 1
      state.connections[state.opened] = ProxyConnection(id: state.opened, node: node)
      return state.opened
    }
  }

  /// Replaces what is known of a stream's types; does nothing once it is closed.
  package func update(_ id: ProxyConnection.ID, _ types: [ResourceType: ProxyStanding]) {
    state.withLock { $0.connections[id]?.types = types }
  }

  /// Takes a stream that ended off the board.
  package func close(_ id: ProxyConnection.ID) {
    state.withLock { _ = $0.connections.removeValue(forKey: id) }
  }
}

/// One open stream of a proxy.
package struct ProxyConnection: Identifiable, Sendable {
  /// Numbers the streams of this process from 1.
  package let id: Int
  package let node: ProxyNode
  /// The types that the stream has asked for.
  package fileprivate(set) var types: [ResourceType: ProxyStanding] = [:]
}

/// What a proxy says of itself in its first request.
package struct ProxyNode: Hashable, Sendable {
  package var id: String
  /// `node.cluster`, as it came; empty if it was not set.
  package var fleet: String
  /// Envoy's version, such as `1.40.0`; empty if it does not say.
  package var version: String

  package init(id: String, fleet: String, version: String) {
    self.id = id
    self.fleet = fleet
    self.version = version
  }
}

/// How far a proxy is with one type of resource.
package struct ProxyStanding: Hashable, Sendable {
  /// The revision of the last response, or nil before the first.
  package var sent: Int?
  /// The newest revision that the proxy is known to have of this type: the one it acked, or the
  /// newest of all if that changes nothing for the proxy.
  package var acked: Int?
  /// The last response that the proxy refused, kept also after it took a later one.
  package var rejection: ProxyRejection?

  package init(sent: Int? = nil, acked: Int? = nil, rejection: ProxyRejection? = nil) {
    self.sent = sent
    self.acked = acked
    self.rejection = rejection
  }
}

/// A response that a proxy refused (a NACK).
package struct ProxyRejection: Hashable, Sendable {
  package var revision: Int
  /// The resources that the response carried or removed.
  package var names: [String]
  /// Envoy's text.
  package var message: String

  package init(revision: Int, names: [String], message: String) {
    self.revision = revision
    self.names = names
    self.message = message
  }
}
