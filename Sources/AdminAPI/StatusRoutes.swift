import Hummingbird
import Model

/// The operations that say how the process is.
struct StatusRoutes: Sendable {
  let version: String
  let readiness: AdminAPI.Readiness

  var operations: [Operation] {
    [
      Operation(.get, "/healthz", role: nil) { call in Response(.ok, ["status": "ok"], to: call) },
      Operation(.get, "/readyz", role: nil, handler: ready),
      Operation(.get, "/version", role: nil) { [version] call in
        Response(.ok, ["version": .string(version)], to: call)
      },
    ]
  }

  private func ready(_ call: Call) throws -> Response {
    let reasons = readiness()
    if reasons.isEmpty { return Response(.ok, ["status": "ready"], to: call) }
    throw Problem(.notReady, reasons.joined(separator: " "))
  }
}
