import Model

/// Services, each with its own endpoints and one route, in JSON as the API takes them.
struct SampleDocument: Sendable {
  var services: Int
  var endpoints: Int

  static func name(_ index: Int) -> String { SampleHistory.name(index) }

  /// All of it; `change` makes the routes differ.
  func json(change: Int = 0) -> JSONValue {
    [
      "gateways": ["default": ["port": 8080]],
      "services": .object(members(0..<services) { service($0, change: 0) }),
      "routes": .object(members(0..<services) { route($0, change: change) }),
    ]
  }

  /// Merge patches that make all of it, each small enough for the API to take.
  var patches: [JSONValue] {
    stride(from: 0, to: services, by: 5000).map { start in
      let part = start..<min(start + 5000, services)
      return [
        "services": .object(members(part) { service($0, change: 0) }),
        "routes": .object(members(part) { route($0, change: 0) }),
      ]
    }
  }

  /// A merge patch that changes that many routes, the first ones.
  func patch(of count: Int, change: Int) -> JSONValue {
    let routes = (0..<count).map { (Self.name($0), route($0, change: change)) }
    return ["routes": .object(Dictionary(routes) { $1 })]
  }

  private func members(_ part: Range<Int>, _ body: (Int) -> JSONValue) -> [String: JSONValue] {
    Dictionary(part.map { (Self.name($0), body($0)) }) { $1 }
  }

  func service(_ index: Int, change: Int) -> JSONValue {
    let endpoints: [JSONValue] = (0..<endpoints).map { endpoint in
      [
        "address": .string("10.\(index >> 8 & 255).\(index & 255).\(endpoint + 1)"),
        "port": 8080,
      ]
    }
    return ["endpoints": .array(endpoints), "labels": ["change": .string("\(change)")]]
  }

  private func route(_ index: Int, change: Int) -> JSONValue {
    [
      "hosts": [.string("\(Self.name(index)).example.com")],
      "match": ["prefix": "/"],
      "service": .string(Self.name(index)),
      "labels": ["change": .string("\(change)")],
    ]
  }
}
