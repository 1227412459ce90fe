import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The two dialects of xDS; `chancery envoy-bootstrap` asks for delta.
enum Dialect: CaseIterable { case delta, stateOfTheWorld }

/// A real Envoy, started from the bootstrap that `chancery envoy-bootstrap` prints.
struct Envoy: Sendable {
  let process: ChildProcess
  let adminPort: Int

  /// The binary that `scripts/install-envoy` put there, or the one that CHANCERY_ENVOY names.
  static var program: String {
    ProcessInfo.processInfo.environment["CHANCERY_ENVOY"]
      ?? URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../.tools/envoy/envoy").standardized.path
  }

  /// The counters and gauges whose names match a regular expression, by name.
  func stats(_ filter: String) async throws -> [String: Int] {
    let filter = filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? filter
    let text = try await get("/stats?filter=\(filter)").text
    let pairs = text.split(separator: "\n").compactMap { line -> (String, Int)? in
      let parts = line.split(separator: ": ", maxSplits: 1)
      guard parts.count == 2, let value = Int(parts[1]) else { return nil }
      return (String(parts[0]), value)
    }
    return Dictionary(pairs) { $1 }
  }

  /// How often Envoy took an update, by type of resource.
  func updates() async throws -> [String: Int] {
    try await stats(#"^(cluster_manager\.cds|listener_manager\.lds|.*\.rds\..*|cluster\..*)"#)
      .filter { $0.key.hasSuffix(".update_success") }
  }

  /// How often Envoy refused an update, of any type.
  func rejections() async throws -> Int {
    try await stats(#"update_rejected$"#).values.reduce(0, +)
  }

  /// Waits until Envoy is connected to the control plane, or is not.
  func connected(_ isConnected: Bool = true) async throws {
    try await eventually("Envoy is \(isConnected ? "" : "not ")connected") {
      try await stats(#"^control_plane\.connected_state$"#).values.first
    } until: {
      $0 == (isConnected ? 1 : 0)
    }
  }

  /// Asks its admin page.
  func get(_ path: String) async throws -> Answer {
    try await Answer(
      HTTPClient.shared.execute(
        HTTPClientRequest(url: "http://127.0.0.1:\(adminPort)\(path)"),
        timeout: .seconds(10)
      )
    )
  }
}

/// Asks for a path through a gateway of a proxy on this machine.
///
/// Each time on a new connection: a listener that is replaced or removed serves those that it has.
func ask(port: Int, host: String = "api.example.com", _ path: String) async throws -> Answer {
  var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
  request.headers.replaceOrAdd(name: "host", value: host)
  request.headers.replaceOrAdd(name: "connection", value: "close")
  return try await Answer(HTTPClient.shared.execute(request, timeout: .seconds(10)))
}

/// Waits until a gateway answers a path with exactly that text.
func gateway(
  port: Int,
  host: String = "api.example.com",
  _ path: String,
  answers text: String
) async throws {
  try await eventually("\(host)\(path) answers \(text)") {
    try await ask(port: port, host: host, path).text
  } until: {
    $0 == text
  }
}

/// Waits until a gateway answers a path with that status.
func gateway(
  port: Int,
  host: String = "api.example.com",
  _ path: String,
  answersStatus status: Int
) async throws {
  try await eventually("\(host)\(path) answers \(status)") {
    try await ask(port: port, host: host, path).status
  } until: {
    $0 == status
  }
}

extension Testbed {
  /// Starts an Envoy of that control plane; it may take a moment to be given its configuration.
  ///
  /// `edit` may change the text of the bootstrap.
  func startEnvoy(
    _ chancery: Chancery,
    nodeID: String = "envoy-1",
    fleet: String = "default",
    speaking dialect: Dialect = .delta,
    tls: [String] = [],
    flags: [String] = [],
    editing edit: (String) -> String = { $0 }
  ) async throws -> Envoy {
    let adminPort = try await Ports.free()
    let bootstrap = try await ChildProcess.start(
      Chancery.program,
      [
        "envoy-bootstrap", "--node-id", nodeID, "--fleet", fleet,
        "--xds-address", "127.0.0.1:\(chancery.xdsPort)",
        "--envoy-admin-address", "127.0.0.1:\(adminPort)",
      ] + tls,
      log: folder.appending(path: "\(nodeID).yaml")
    )
    guard try await bootstrap.exitStatus() == 0 else {
      throw NeverHappened(description: "envoy-bootstrap: \(bootstrap.output)")
    }
    var text = bootstrap.output
    if dialect == .stateOfTheWorld {
      text = text.replacing("api_type: DELTA_GRPC", with: "api_type: GRPC")
    }
    try edit(text).write(to: bootstrap.log, atomically: true, encoding: .utf8)
    let process = try await ChildProcess.start(
      Envoy.program,
      ["-c", bootstrap.log.path, "--disable-hot-restart", "--concurrency", "1", "-l", "info"]
        + flags,
      log: folder.appending(path: "\(nodeID).log")
    )
    atEnd { await process.stop(SIGKILL) }
    return Envoy(process: process, adminPort: adminPort)
  }
}
