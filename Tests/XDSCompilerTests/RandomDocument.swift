import Model

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }

  mutating func some<Element>(of elements: [Element]) -> [Element] {
    elements.filter { _ in chance(50) }
  }
}

extension SeededGenerator {
  private static let gateways = ["g0", "g1", "g2", "g3"]
  private static let services = ["s0", "s1", "s2", "s3", "s4"]
  private static let routes = ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"]

  /// Edits that come, go, and move objects between hosts, gateways and fleets.
  mutating func edits() -> [(key: ObjectKey, value: ConfigObject?)] {
    (0..<Int.random(in: 1...4, using: &self)).map { _ in
      let removes = chance(25)
      switch Int.random(in: 0..<10, using: &self) {
      case 0, 1:
        let name = pick(Self.gateways)
        return (ObjectKey(.gateway, name), removes ? nil : .gateway(gateway()))
      case 2...4:
        return (ObjectKey(.service, pick(Self.services)), removes ? nil : .service(service()))
      default:
        return (ObjectKey(.route, pick(Self.routes)), removes ? nil : .route(route()))
      }
    }
  }

  private mutating func gateway() -> Gateway {
    Gateway(
      address: pick([nil, nil, "::1"]),
      port: Int.random(in: 8000..<8008, using: &self),
      fleet: pick([nil, "*", "a", "b"]),
      labels: pick([nil, ["team": "x"]])
    )
  }

  private mutating func service() -> Service {
    let addresses = some(of: ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
    let name = chance(15) ? ["backend.example.com"] : []
    return Service(
      endpoints: (addresses + name).map {
        Endpoint(address: $0, port: 80, weight: pick([nil, 3]), priority: pick([nil, 2]))
      },
      httpVersion: pick([nil, .http1, .http2]),
      healthChecks: pick([nil, nil, [HealthCheck(.tcp)]])
    )
  }

  private mutating func route() -> Route {
    let hosts = some(of: ["a.com", "*.a.com", "b.com"])
    let gateways = chance(50) ? [] : some(of: Self.gateways)
    return Route(
      gateways: gateways.isEmpty ? nil : gateways,
      hosts: hosts.isEmpty ? nil : hosts,
      match: RouteMatch(
        path: pick([.prefix("/"), .prefix("/x"), .exact("/x"), .regex("/x+")]),
        methods: pick([nil, ["GET"], ["GET", "POST"]])
      ),
      action: action(),
      priority: pick([nil, 1])
    )
  }

  private mutating func action() -> Route.Action {
    switch Int.random(in: 0..<5, using: &self) {
    case 0: .respond(.init(status: 404))
    case 1: .redirect(.init(host: "c.com"))
    case 2: .backends([.init(service: "s0", weight: 3), .init(service: pick(["s1", "s2"]))])
    default: .service(pick(Self.services))
    }
  }
}
