package import Hummingbird
package import Logging
package import Publisher

/// The HTTP API that `openapi/chancery.yaml` describes.
package struct AdminAPI: Sendable {
  package struct Settings: Sendable {
    /// What `GET /version` says.
    package var version: String
    /// The largest request body in bytes; a larger one is answered 413.
    package var bodyLimit = 10 << 20
    /// Hosts, beside the loopback ones, that a request's `Host` may name; nil allows every host.
    package var allowedHosts: Set<String>? = []

    package init(version: String) { self.version = version }
  }

  /// Why the process cannot serve yet, in sentences; empty when it can. For `/readyz`.
  package typealias Readiness = @Sendable () -> [String]

  package init(
    store: ConfigStore,
    settings: Settings,
    logger: Logger,
    readiness: @escaping Readiness
  ) {
    fatalError("To be written")
  }
}
