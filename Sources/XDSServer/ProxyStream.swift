import Logging
import Snapshots
import XDSSession

/// The session of a stream whose proxy is known, with what is noted and logged of it.
struct ProxyStream {
  let node: ProxyNode
  /// The posting that the session saw last.
  private(set) var posting: Int
  private var session: Session
  private let proxies: ProxyBoard
  private let id: ProxyConnection.ID
  private let logger: Logger

  init(
    _ session: Session,
    speaking dialect: Dialect,
    node: ProxyNode,
    posting: Int,
    proxies: ProxyBoard,
    logger: Logger
  ) {
    self.node = node
    self.proxies = proxies
    self.posting = posting
    self.session = session
    id = proxies.open(node, dialect)
    var logger = logger
    logger[metadataKey: "node"] = .quoted(node.id, limit: 256)
    logger[metadataKey: "fleet"] = .quoted(node.fleet, limit: 256)
    logger[metadataKey: "stream"] = "\(id)"
    self.logger = logger
    logger.info("A proxy opened a stream", metadata: ["envoy": .quoted(node.version, limit: 256)])
  }

  mutating func handle(_ event: Session.Event) -> Output {
    if case .view(let view) = event { posting = view.posting }
    let output = session.handle(event)
    for outcome in output.outcomes { log(outcome) }
    proxies.update(
      id,
      session.standings,
      sent: session.holdings,
      progress: session.progress,
      revision: session.revision
    )
    return output
  }

  func close(isStalled: Bool) {
    proxies.close(id)
    if isStalled {
      logger.warning("A proxy's stream is cut, as the proxy does not read what it is sent")
    } else {
      logger.info("A proxy's stream is closed")
    }
  }

  private func log(_ outcome: Outcome) {
    switch outcome {
    case .accepted(let type, let revision):
      logger.debug(
        "A proxy accepted a response",
        metadata: ["type": .quoted(type, limit: 256), "revision": "\(revision)"]
      )
    case .rejected(let type, let rejection):
      logger.warning(
        "A proxy rejected a response",
        metadata: [
          "type": .quoted(type, limit: 256), "revision": "\(rejection.revision)",
          "names": .quoted("\(rejection.names.prefix(20))", limit: 2000),
          "error": .quoted(rejection.message, limit: 2000),
        ]
      )
    }
  }
}
