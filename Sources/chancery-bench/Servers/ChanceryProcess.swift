import AdminClient
import Foundation

/// A `chancery serve` that runs for a measurement, on ports that it chooses.
final class ChanceryProcess {
  /// Its API's URL.
  private(set) var api = ""
  /// The port where proxies connect.
  private(set) var xdsPort = 0
  private let process: ServerProcess

  /// Starts the executable beside this one, unless another is named.
  init(_ executable: String?, database: String, _ flags: [String] = []) throws {
    process = try ServerProcess(
      Self.executable(executable),
      [
        "serve", "--database", database, "--admin-address", "127.0.0.1:0",
        "--xds-address", "127.0.0.1:0", "--log-level", "error",
      ] + flags
    )
  }

  /// Where the executable is that a path names, or else that stands beside this one.
  static func executable(_ path: String?) -> URL {
    if let path { return URL(fileURLWithPath: path) }
    return ServerProcess.own.deletingLastPathComponent().appending(path: "chancery")
  }

  /// When it was started.
  var start: ContinuousClock.Instant { process.start }

  var usage: ProcessUsage { process.usage }

  /// The processor time that it has used; zero where that is not known.
  var processorTime: Duration { usage.processorTime ?? .zero }

  /// Waits until both ports listen.
  func listen() throws {
    let addresses = try process.lastWords(of: ["The API listens on ", "xDS listens on "])
    api = addresses[0]
    xdsPort = addresses[1].split(separator: ":").last.flatMap { Int($0) } ?? 0
  }

  /// Stops it and waits until it is gone.
  func stop() { process.stop() }
}

extension AdminClient {
  /// Waits until `readyz` says that the server is ready.
  func ready() async throws {
    let end = ContinuousClock.now + .seconds(120)
    while true {
      do {
        _ = try await send(AdminCall("GET", "/readyz"))
        return
      } catch  where ContinuousClock.now < end {
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }
}
