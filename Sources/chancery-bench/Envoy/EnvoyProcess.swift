import Foundation

/// A real Envoy of a control plane, started from what `chancery envoy-bootstrap` prints.
final class EnvoyProcess {
  private let process = Process()
  private let folder: TemporaryFolder

  init(_ executable: URL, chancery: String?, xdsPort: Int) async throws {
    folder = try TemporaryFolder()
    let bootstrap = try Self.bootstrap(chancery, xdsPort, admin: try await FreePort.find())
    let file = folder.path("envoy.yaml")
    try bootstrap.write(toFile: file, atomically: true, encoding: .utf8)
    process.executableURL = executable
    process.standardOutput = FileHandle.nullDevice
    process.arguments = ["-c", file, "--disable-hot-restart", "--concurrency", "1", "-l", "error"]
    try process.run()
    StartedProcesses.add(process.processIdentifier)
  }

  deinit { stop() }

  func stop() {
    // It inherits a mask that blocks SIGTERM.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    StartedProcesses.remove(process.processIdentifier)
  }

  /// The executable that a path or else CHANCERY_ENVOY names, or else the first `envoy` on the
  /// PATH.
  static func executable(_ path: String?) -> URL? {
    let environment = ProcessInfo.processInfo.environment
    if let path = path ?? environment["CHANCERY_ENVOY"] { return URL(fileURLWithPath: path) }
    return (environment["PATH"] ?? "").split(separator: ":")
      .map { URL(fileURLWithPath: $0 + "/envoy") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  private static func bootstrap(_ chancery: String?, _ xdsPort: Int, admin: Int) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = ChanceryProcess.executable(chancery)
    process.arguments = [
      "envoy-bootstrap", "--node-id", "bench", "--xds-address", "127.0.0.1:\(xdsPort)",
      "--envoy-admin-address", "127.0.0.1:\(admin)",
    ]
    process.standardOutput = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }
}
