import Hummingbird
import Logging

extension Testbed {
  /// Starts a service that answers every request with its name and the path it was asked for, in
  /// the form `NAME /PATH`.
  ///
  /// - Returns: Its port on the loopback address.
  func startUpstream(_ name: String) async throws -> Int {
    let router = Router()
    router.get("**") { request, _ in "\(name) \(request.uri.path)" }
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    var logger = Logger(label: name)
    logger.logLevel = .critical
    let application = Application(
      router: router,
      configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { listening.yield($0.localAddress?.port ?? 0) },
      logger: logger
    )
    let running = Task { try await application.run() }
    atEnd {
      running.cancel()
      _ = await running.result
    }
    for await port in ports { return port }
    throw NeverHappened(description: "\(name) did not start")
  }
}
