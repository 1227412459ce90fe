import Foundation

/// Makes documents, the same ones for the same seed, with texts that YAML could take for something
/// else.
struct RandomDocument: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  private static let texts = [
    "yes", "no", "null", "~", "1", "1.0", "1e3", "0x1f", "010", "2001-01-01", "true", "- a", "a: b",
    "a # b", "# a", "'", "\"", "\\", "&a", "*a", "!a", "%a", "@a", "`a", "|", ">", "? a", "{a}",
    "[a",
    " a", "a ", "", "ä", "日本", "🦊", "a\nb", "a\n", "\na", "a\n\n", "a\tb", "\t", "a\r\nb", "---",
    "...", "=", "<<", ":", "a:", ",", "\u{85}", "\u{2028}", "\u{feff}", "\u{7f}", ".inf", ".nan",
    String(repeating: "long ", count: 40),
  ]
  private static let names = ["a", "b-c", "no", "1", "007", "1e3", "null", "y", "0x1", "true"]

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }

  private mutating func some<Element>(of elements: [Element]) -> [Element] {
    elements.filter { _ in Bool.random(using: &self) }
  }

  /// A document in JSON, which YAML is a superset of.
  mutating func document() -> String {
    let services = Dictionary(uniqueKeysWithValues: some(of: Self.names).map { ($0, service()) })
    var gateways: [String: Any] = [:]
    for (index, name) in some(of: Self.names).enumerated() {
      gateways[name] = gateway(port: 9000 + index)
    }
    var routes: [String: Any] = [:]
    for (index, name) in some(of: Self.names).enumerated() {
      routes[name] = route(index, services.keys.sorted())
    }
    let document: [String: Any] = [
      "services": services, "gateways": gateways, "routes": routes,
    ]
    let data = try? JSONSerialization.data(withJSONObject: document, options: .sortedKeys)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  private mutating func labels() -> [String: Any] {
    let keys = some(of: Self.texts).filter { (1...63).contains($0.utf8.count) }
    return Dictionary(uniqueKeysWithValues: keys.map { ($0, pick(Self.texts)) })
  }

  private mutating func gateway(port: Int) -> [String: Any] {
    var gateway: [String: Any] = ["port": port]
    if Bool.random(using: &self) { gateway["address"] = pick(["127.0.0.1", "::1", "::"]) }
    if Bool.random(using: &self) { gateway["labels"] = labels() }
    return gateway
  }

  private mutating func service() -> [String: Any] {
    var service: [String: Any] = [:]
    if Bool.random(using: &self) { service["labels"] = labels() }
    if Bool.random(using: &self) { service["protocol"] = pick(["http1", "http2"]) }
    if Bool.random(using: &self) { service["connect_timeout"] = pick(["1s", "250ms", "1m30s"]) }
    service["endpoints"] = some(of: ["10.0.0.1", "::1", "2001:db8::1", "a.example.com"]).map {
      address -> [String: Any] in
      var endpoint: [String: Any] = ["address": address, "port": 80]
      if Bool.random(using: &self) { endpoint["weight"] = 3 }
      return endpoint
    }
    return service
  }

  private mutating func route(_ index: Int, _ services: [String]) -> [String: Any] {
    var route: [String: Any] = ["match": ["prefix": "/\(index)"], "labels": labels()]
    if Bool.random(using: &self) { route["hosts"] = ["a.example.com", "*.b.example.com"] }
    if services.isEmpty || Bool.random(using: &self) {
      route["respond"] = ["status": 200, "body": pick(Self.texts)] as [String: Any]
    } else {
      route["service"] = pick(services)
    }
    return route
  }
}
