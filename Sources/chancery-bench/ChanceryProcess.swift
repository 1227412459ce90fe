import AdminClient
import Foundation

/// A `chancery serve` that runs for a measurement, on ports that it chooses.
final class ChanceryProcess {
  /// When it was started.
  let start: ContinuousClock.Instant
  /// Its API's URL.
  private(set) var api = ""
  /// The port where proxies connect.
  private(set) var xdsPort = 0
  private let process = Process()
  private let output = Pipe()

  /// Starts the executable beside this one, unless another is named.
  init(_ executable: String?, database: String) throws {
    process.executableURL = Self.executable(executable)
    process.arguments = [
      "serve", "--database", database, "--admin-address", "127.0.0.1:0",
      "--xds-address", "127.0.0.1:0", "--log-level", "error",
    ]
    process.standardOutput = output
    start = .now
    try process.run()
  }

  deinit { process.terminate() }

  /// Where the executable is that a path names, or else that stands beside this one.
  static func executable(_ path: String?) -> URL {
    if let path { return URL(fileURLWithPath: path) }
    let own = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    return own.deletingLastPathComponent().appending(path: "chancery")
  }

  /// Waits until both ports listen.
  func listen() throws {
    var text = ""
    while api.isEmpty || xdsPort == 0 {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw StoppedEarly() }
      text += String(decoding: data, as: UTF8.self)
      for line in text.split(separator: "\n") {
        let address = line.split(separator: " ").last.map(String.init) ?? ""
        if line.hasPrefix("The API listens on ") { api = address }
        if line.hasPrefix("xDS listens on ") {
          xdsPort = address.split(separator: ":").last.flatMap { Int($0) } ?? 0
        }
      }
    }
  }

  /// The processor time that it has used, all threads and the kernel's part.
  ///
  /// Of `/proc/PID/stat` (proc(5)), in its steps of 10 ms; zero where there is none.
  var processorTime: Duration {
    guard
      let stat = try? String(
        contentsOfFile: "/proc/\(process.processIdentifier)/stat",
        encoding: .utf8
      )
    else { return .zero }
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    let ticks = fields.dropFirst(11).prefix(2).compactMap { Int($0) }.reduce(0, +)
    return .milliseconds(ticks * 10)
  }

  /// Stops it and waits until it is gone.
  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}

/// The process ended, or could not start; it says why on standard error.
struct StoppedEarly: Error, CustomStringConvertible {
  var description: String { "chancery stopped; see above." }
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
