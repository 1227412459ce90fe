package import Hummingbird
package import Logging
import Model
package import PrometheusMetrics
package import Publisher
import Store

/// The HTTP API that `openapi/chancery.yaml` describes.
package struct AdminAPI: Sendable {
  /// What can be set about the API.
  package struct Settings: Sendable {
    /// What `GET /version` says.
    package var version: String
    /// The largest request body in bytes; a larger one is answered 413.
    package var bodyLimit = 10 << 20
    /// Hosts, beside the loopback ones, that a request's `Host` may name; nil allows every host.
    package var allowedHosts: Set<String>? = []
    /// Whether callers need a token even while there is none.
    package var requiresAuthentication = false

    package init(version: String) { self.version = version }
  }

  /// Why the process cannot serve yet, in sentences, for `/readyz`; empty when it can.
  package typealias Readiness = @Sendable () -> [String]

  private let store: ConfigStore
  private let proxies: ProxyLedger
  private let registrations: Registrations
  let settings: Settings
  private let logger: Logger
  private let metrics: PrometheusRegistry
  private let readiness: Readiness

  package init(
    store: ConfigStore,
    proxies: ProxyLedger,
    registrations: Registrations,
    settings: Settings,
    logger: Logger,
    metrics: PrometheusRegistry = PrometheusRegistry(),
    readiness: @escaping Readiness
  ) {
    self.store = store
    self.proxies = proxies
    self.registrations = registrations
    self.settings = settings
    self.logger = logger
    self.metrics = metrics
    self.readiness = readiness
  }

  /// A router of every operation, to make an application from.
  package func router() -> Router<AdminContext> {
    let operations = operations
    let router = Router(context: AdminContext.self, options: .autoGenerateHeadEndpoints)
    router.add(
      middleware: Edge(
        bodyLimit: settings.bodyLimit,
        paths: PathTable(operations),
        logger: logger,
        metrics: RequestMetrics(factory: metrics),
        revision: { [store] in store.head.revision.number }
      )
    )
    router.add(middleware: HostGuard(allowed: settings.allowedHosts))
    router.add(
      middleware: Authentication(
        tokens: { [store] in store.tokens },
        isDemanded: settings.requiresAuthentication,
        openPaths: Set(operations.filter { $0.role == nil }.map(\.path)),
        logger: logger
      )
    )
    for operation in operations {
      router.on(RouterPath(operation.path), method: operation.method) { request, context in
        try operation.admit(context.principal)
        return try await operation.answer(request, context)
      }
    }
    return router
  }

  private var operations: [Operation] {
    configuration.map { $0.method == .get ? $0 : writing($0) }
      + RegistrationRoutes(store: store, registrations: registrations).operations
      + ProxyRoutes(store: store, proxies: proxies).operations
      + ResourceRoutes(store: store).operations
      + TokenRoutes(store: store).operations
      + BackupRoutes(store: store).operations
      + status
  }

  /// The operations that tell of the process and of the API itself.
  private var status: [Operation] {
    StatusRoutes(version: settings.version, readiness: readiness).operations
      + MetricsRoutes(metrics: metrics).operations
      + DescriptionRoutes.operations
  }

  /// A write with what every write of the document can be asked for beside.
  private func writing(_ operation: Operation) -> Operation {
    Waiting(store: store, proxies: proxies).holding(operation.taking([Flag.dryRun.rawValue]))
  }

  /// The operations that read and write the document.
  private var configuration: [Operation] {
    [.gateway, .service, .route].flatMap { ObjectRoutes(kind: $0, store: store).operations }
      + EndpointRoutes(store: store, registrations: registrations).operations
      + ConfigRoutes(store: store).operations
      + RevisionRoutes(store: store).operations
      + HistoryRoutes(store: store).operations
  }
}
