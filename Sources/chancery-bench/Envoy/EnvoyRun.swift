import AdminClient
import Foundation
import Synchronization

/// A control plane, a real Envoy of it, and a server behind that.
final class EnvoyRun: Sendable {
  private let server: SampleServer
  private let document: EnvoyDocument
  private let gateway: GatewayClient
  private let number = Mutex(0)

  private init(_ server: SampleServer, _ document: EnvoyDocument) {
    self.server = server
    self.document = document
    gateway = GatewayClient(port: document.gatewayPort)
  }

  /// Starts all, waits until Envoy serves, and stops all after the body.
  static func with<Value: Sendable>(
    _ server: SampleServer,
    _ envoy: URL,
    _ chancery: String?,
    _ body: (EnvoyRun) async throws -> Value
  ) async throws -> Value {
    let upstream = try await Upstream()
    defer { upstream.stop() }
    let document = EnvoyDocument(
      sample: server.document,
      gatewayPort: try await FreePort.find(),
      upstreamPort: upstream.port
    )
    _ = try await server.client.send(AdminCall("PATCH", "/config", document.patch))
    let process = try await EnvoyProcess(envoy, chancery: chancery, xdsPort: server.port)
    defer { process.stop() }
    Terminal.report("Waits for Envoy")
    let run = EnvoyRun(server, document)
    do {
      try await run.gateway.starts(EnvoyDocument.steadyHost, "/")
      let value = try await body(run)
      try await run.gateway.close()
      return value
    } catch {
      try? await run.gateway.close()
      throw error
    }
  }

  /// Measures writes, one after the other.
  ///
  /// `others` is how many other changes are made in a second meanwhile.
  func measure(_ writes: Int, clients: Int, others rate: Int? = nil) async throws -> EnvoyFigures {
    let others = rate.map { OtherChanges(server, rate: $0) }
    let requests = SteadyRequests(port: document.gatewayPort, host: EnvoyDocument.steadyHost)
    Terminal.report("\(writes) writes" + (rate.map { ", \($0) other changes/s" } ?? ""))
    let durations = try await requests.during(clients: clients) {
      guard let others else { return try await serve(writes) }
      return try await others.during { try await serve(writes) }
    }
    return EnvoyFigures(times: durations, others: others?.count ?? 0, requests: requests.count)
  }

  private func serve(_ writes: Int) async throws -> [Duration] {
    var times: [Duration] = []
    for _ in 0..<writes {
      let (call, host, path) = document.change(
        number.withLock { number in
          number += 1
          return number
        }
      )
      let start = ContinuousClock.now
      async let written = server.client.send(call)
      try await gateway.serves(host, path, within: .seconds(30))
      times.append(.now - start)
      _ = try await written
    }
    return times
  }
}

/// What one run measured.
struct EnvoyFigures: Sendable {
  var times: [Duration]
  var others: Int
  var requests: (all: Int, failed: Int)

  var figures: [Double?] {
    let sorted = times.sorted()
    return [
      sorted.percentile(50), sorted.percentile(99), sorted.percentile(100), Double(others),
      Double(requests.all), Double(requests.failed),
    ]
  }
}
