import Model

/// Services, each with its own endpoints, and routes, in JSON as the API takes them.
struct SampleDocument: Sendable {
  var services: Int
  var endpoints: Int
  /// As many as services, unless told.
  var routes: Int
  /// How many routes share a host.
  var routesPerHost: Int

  init(services: Int, endpoints: Int, routes: Int? = nil, routesPerHost: Int = 1) {
    self.services = services
    self.endpoints = endpoints
    self.routes = routes ?? services
    self.routesPerHost = routesPerHost
  }

  static func name(_ index: Int) -> String { SampleHistory.name(index) }

  /// All of it; `change` makes the routes differ.
  func json(change: Int = 0) -> JSONValue {
    [
      "gateways": ["default": ["port": 8080]],
      "services": .object(members(0..<services) { service($0, change: 0) }),
      "routes": .object(members(0..<routes) { route($0, change: change) }),
    ]
  }

  /// Merge patches that make all of it, each small enough for the API to take.
  var patches: [JSONValue] {
    let step = max(1, min(5000, 200_000 / (endpoints + 10)))
    let inServices = stride(from: 0, to: services, by: step).map { start -> JSONValue in
      let part = start..<min(start + step, services)
      return ["services": .object(members(part) { service($0, change: 0) })]
    }
    let inRoutes = stride(from: 0, to: routes, by: step).map { start -> JSONValue in
      let part = start..<min(start + step, routes)
      return ["routes": .object(members(part) { route($0, change: 0) })]
    }
    return inServices + inRoutes
  }

  /// A merge patch that changes that many routes, the first ones.
  func patch(of count: Int, change: Int) -> JSONValue {
    let routes = (0..<count).map { (Self.name($0), route($0, change: change)) }
    return ["routes": .object(Dictionary(routes) { $1 })]
  }

  private func members(_ part: Range<Int>, _ body: (Int) -> JSONValue) -> [String: JSONValue] {
    Dictionary(part.map { (Self.name($0), body($0)) }) { $1 }
  }

  /// One service; `first` is the address of its first endpoint, if it is another.
  func service(_ index: Int, change: Int, first: String? = nil) -> JSONValue {
    let endpoints: [JSONValue] = (0..<endpoints).map { endpoint in
      let own = "10.\(index >> 8 & 255).\(index & 255).\(endpoint + 1)"
      return ["address": .string(endpoint == 0 ? first ?? own : own), "port": 8080]
    }
    return ["endpoints": .array(endpoints), "labels": ["change": .string("\(change)")]]
  }

  /// The host of a route.
  func host(of route: Int) -> String { Self.name(route / routesPerHost) + ".example.com" }

  /// One route; `path` is the prefix that it matches, and `service` where it goes, if another.
  func route(
    _ index: Int,
    change: Int,
    path: String? = nil,
    service: String? = nil
  ) -> JSONValue {
    let own = routesPerHost == 1 ? "/" : "/" + Self.name(index)
    return [
      "hosts": [.string(host(of: index))],
      "match": ["prefix": .string(path ?? own)],
      "service": .string(service ?? Self.name(index % services)),
      "labels": ["change": .string("\(change)")],
    ]
  }
}
