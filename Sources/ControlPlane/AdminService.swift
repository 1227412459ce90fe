import AdminAPI
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Serves the admin API over HTTP, or HTTPS, until graceful shutdown.
struct AdminService: Service {
  var address: ListenAddress
  var tls: TLSReloader?
  var api: AdminAPI
  var logger: Logger
  var listening: @Sendable (ListenAddress) -> Void

  func run() async throws {
    let application = Application(
      router: api.router(),
      server: .http1(for: api, inside: tls),
      configuration: .init(
        address: .hostname(address.host, port: address.port),
        backlog: 1024
      ),
      onServerRunning: { channel in
        listening(ListenAddress(host: address.host, port: channel.localAddress?.port ?? 0))
      },
      logger: logger.quietened
    )
    do {
      try await withGracePeriod(.seconds(3)) { try await application.run() }
    } catch let error as IOError {
      throw StartupError(listeningOn: address, flag: "--admin-address", cause: error)
    }
  }
}
