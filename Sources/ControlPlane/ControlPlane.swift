import AdminAPI
import Hummingbird
package import Logging
import Metrics
import Model
import PrometheusMetrics
import Publisher
import ServiceLifecycle
package import UnixSignals
import Snapshots
import Store
import XDSCompiler
import XDSServer

/// The whole control plane: what `chancery serve` runs.
///
/// A write goes one way: API, store (where the compiler judges it and SQLite commits it),
/// publisher, board, and from there to every stream.
package struct ControlPlane: Sendable {
  /// Told once for each port, when it listens.
  package typealias Listening = @Sendable (Listener, ListenAddress) -> Void

  /// The two ports.
  package enum Listener: String, Sendable { case admin, xds }

  private let settings: Settings
  private let logger: Logger
  private let board: SnapshotBoard
  private let proxies = ProxyBoard()
  private let ledger: ProxyLedger
  private let store: ConfigStore
  private let registrations: Registrations
  private let recall: RecallService
  private let readiness: ReadinessBoard
  private let xdsTLS: TLSReloader?
  private let adminTLS: TLSReloader?
  private let metrics: PrometheusRegistry

  /// Opens the database, or makes it; compiles the newest revision.
  ///
  /// - Throws: If a TLS file cannot be used. If the database is damaged, of a newer version, or not
  ///   a database of Chancery's; it is left as it is.
  package init(settings: Settings, logger: Logger) throws {
    xdsTLS = try settings.xdsTLS.map {
      try TLSReloader(files: $0, protocols: ["h2"], logger: logger)
    }
    adminTLS = try settings.adminTLS.map {
      try TLSReloader(files: $0, protocols: ["http/1.1"], logger: logger)
    }
    let board = SnapshotBoard(recalls: true)
    let publisher = Publisher(board: board, logger: logger)
    let metrics = PrometheusRegistry(MetricFamily.all)
    let revisions = RevisionMetrics(factory: metrics)
    self.metrics = metrics
    self.settings = settings
    self.logger = logger
    self.board = board
    readiness = ReadinessBoard()
    store = try ConfigStore(
      path: settings.database,
      seed: settings.seed,
      logger: logger,
      metrics: StoreMetrics(factory: metrics),
      gate: Self.judge(timer: Timer(label: "chancery_compile_seconds", factory: metrics)),
      committed: { heads in
        publisher.publish(heads)
        revisions.count(heads)
      }
    )
    registrations = try Registrations(store: store, publisher: publisher, logger: logger)
    publisher.publish([store.head])
    recall = RecallService(store: store, publisher: publisher)
    ledger = try ProxyLedger(
      proxies: proxies,
      board: board,
      store: store,
      retention: .milliseconds(settings.proxyRetention.milliseconds),
      logger: logger
    )
    metrics.readPresent(of: store, ledger)
  }

  private static func judge(timer: Metrics.Timer) -> ConfigStore.Gate {
    { change, document, former throws(Refusal) in
      let start = ContinuousClock.now
      defer { timer.record(duration: .now - start) }
      return try judge(change, document: document, former: former)
    }
  }

  /// What compiles is accepted; nothing else is ever stored.
  private static func judge(
    _ change: Change,
    document: Document,
    former: Compilation?
  ) throws(Refusal) -> Compilation {
    try document.check(change)
    guard let former else { return try Compilation(of: document) }
    return try former.following(change, to: document)
  }

  /// Serves until SIGTERM or SIGINT, then stops in order: the API first, then the streams, then
  /// the database.
  ///
  /// - Throws: `StartupError` if a port cannot be listened on.
  package func run(
    gracefulShutdownSignals: [UnixSignal] = [.sigterm, .sigint],
    listening: @escaping Listening
  ) async throws {
    FileLimit.raise()
    warnIfNobodyCanCall()
    var configuration = ServiceGroupConfiguration(
      services: reloaders + [
        store, recall, registrations, ledger, xdsService(listening), adminService(listening),
      ],
      gracefulShutdownSignals: gracefulShutdownSignals,
      logger: logger.quietened
    )
    configuration.maximumGracefulShutdownDuration = .seconds(10)
    defer { store.closeLoggingFailure(to: logger) }
    try await ServiceGroup(configuration: configuration).run()
  }

  private func warnIfNobodyCanCall() {
    guard settings.requiresAuthentication, !store.tokens.isInUse else { return }
    logger.warning(
      "Nobody can call the API: there is no token. Make one by: chancery token create NAME --role admin",
      metadata: ["database": "\(settings.database)"]
    )
  }

  private var reloaders: [any ServiceLifecycle.Service] { [xdsTLS, adminTLS].compactMap(\.self) }

  private func xdsService(_ listening: @escaping Listening) -> XDSService {
    XDSService(
      address: settings.xdsAddress,
      tls: xdsTLS,
      board: board,
      proxies: proxies,
      logger: logger,
      metrics: StreamMetrics(factory: metrics)
    ) { address in
      note(.xds)
      listening(.xds, address)
    }
  }

  private func adminService(_ listening: @escaping Listening) -> AdminService {
    var apiSettings = AdminAPI.Settings(version: chanceryVersion)
    apiSettings.allowedHosts = settings.effectiveAllowedHosts
    apiSettings.requiresAuthentication = settings.requiresAuthentication
    let api = AdminAPI(
      store: store,
      proxies: ledger,
      registrations: registrations,
      settings: apiSettings,
      logger: logger,
      metrics: metrics,
      readiness: { readiness.reasons(head: store.head, trouble: store.trouble) }
    )
    return AdminService(
      address: settings.adminAddress,
      tls: adminTLS,
      api: api,
      logger: logger
    ) { address in
      note(.admin)
      listening(.admin, address)
    }
  }

  private func note(_ part: ReadinessBoard.Part) {
    if readiness.note(part) { registrations.begin() }
  }
}

extension Settings {
  /// The objects that a new database starts with.
  fileprivate var seed: [ObjectEdit] {
    hasDefaultGateway
      ? [(ObjectKey(.gateway, "default"), .gateway(Gateway(port: 8080)))] : []
  }
}

extension ConfigStore {
  fileprivate func closeLoggingFailure(to logger: Logger) {
    do {
      try close()
    } catch {
      logger.error("The database did not close cleanly", metadata: ["error": "\(error)"])
    }
  }
}

extension Logger {
  /// For libraries whose every step is of no interest to an operator.
  var quietened: Logger {
    var logger = self
    logger.logLevel = max(logLevel, .warning)
    return logger
  }
}
