import AdminClient
import Model

/// A sample document with one service that answers, and a route to it that never changes.
struct EnvoyDocument: Sendable {
  static let live = "live"
  static let steadyHost = "steady.example.com"

  var sample: SampleDocument
  var gatewayPort: Int
  var upstreamPort: Int

  /// What there is beside the sample.
  var patch: JSONValue {
    [
      "gateways": ["default": ["port": .number(Double(gatewayPort))]],
      "services": [
        "live": ["endpoints": [["address": "127.0.0.1", "port": .number(Double(upstreamPort))]]]
      ],
      "routes": [
        "steady": [
          "hosts": [.string(Self.steadyHost)], "match": ["prefix": "/"],
          "service": .string(Self.live),
        ]
      ],
    ]
  }

  /// The call, of one of the first half of the routes, that has a path served, of the change with that number; and whose path it is.
  func change(_ number: Int) -> (call: AdminCall, host: String, path: String) {
    let index = sample.index(ofChange: number, of: sample.routes / 2)
    let path = "/" + ChangeText.address(number)
    let route = sample.route(index, change: number, path: path, service: Self.live)
    return (
      AdminCall("PUT", "/routes/\(SampleDocument.name(index))", route), sample.host(of: index), path
    )
  }
}
