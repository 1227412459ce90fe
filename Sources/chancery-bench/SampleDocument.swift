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
      "services": .object(members { service($0, change: 0) }),
      "routes": .object(members { route($0, change: change) }),
    ]
  }

  /// A merge patch that changes that many routes, the first ones.
  func patch(of count: Int, change: Int) -> JSONValue {
    let routes = (0..<count).map { (Self.name($0), route($0, change: change)) }
    return ["routes": .object(Dictionary(routes) { $1 })]
  }

  private func members(_ body: (Int) -> JSONValue) -> [String: JSONValue] {
    Dictionary((0..<services).map { (Self.name($0), body($0)) }) { $1 }
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
