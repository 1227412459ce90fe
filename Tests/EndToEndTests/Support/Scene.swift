/// A document with one gateway, and routes to services that have one endpoint each.
struct Scene: Sendable {
  /// How a proxy finds the endpoint, and whether it is good.
  enum Kind: CaseIterable { case address, name, checked }

  struct Service: Sendable {
    /// An index into the upstreams.
    var upstream: Int
    var kind = Kind.address
    var timeout = 5
  }

  struct Route: Sendable {
    var host: String
    var prefix: String
    var service: String
    var timeout = 20
  }

  var gateway = "gateway-0"
  var services: [String: Service] = [:]
  var routes: [String: Route] = [:]

  /// The name of the route that takes a request, the longest prefix first.
  func route(for target: Target) -> String? {
    routes.filter { $0.value.host == target.host && $0.value.takes(target.path) }
      .max { $0.value.prefix.count < $1.value.prefix.count }?.key
  }

  func service(for target: Target) -> String? {
    route(for: target).flatMap { routes[$0]?.service }
  }

  func upstream(for target: Target) -> Int? {
    service(for: target).flatMap { services[$0]?.upstream }
  }
}

extension Scene.Route {
  fileprivate func takes(_ path: String) -> Bool {
    prefix == "/" || path == prefix || path.hasPrefix(prefix + "/")
  }
}

extension Scene {
  /// The merge patch that makes another scene of this one.
  func patch(to next: Scene, _ ports: Ports) -> String {
    let before = sections(ports)
    let sections = next.sections(ports).map { section, objects in
      let former = before[section, default: [:]]
      let changed = objects.filter { former[$0.key] != $0.value }
      let removed = former.filter { objects[$0.key] == nil }.mapValues { _ in "null" }
      return #""\#(section)": \#(Self.object(changed.merging(removed) { $1 }))"#
    }
    return "{\(sections.joined(separator: ", "))}"
  }

  /// Where the gateway listens, and where the upstreams do.
  struct Ports: Sendable {
    var gateway: Int
    var upstreams: [Int]
  }

  private func sections(_ ports: Ports) -> [String: [String: String]] {
    [
      "gateways": [gateway: #"{"address": "127.0.0.1", "port": \#(ports.gateway)}"#],
      "services": services.mapValues { $0.json(port: ports.upstreams[$0.upstream]) },
      "routes": routes.mapValues(\.json),
    ]
  }

  private static func object(_ members: [String: String]) -> String {
    "{\(members.map { #""\#($0.key)": \#($0.value)"# }.joined(separator: ", "))}"
  }
}

extension Scene.Service {
  fileprivate func json(port: Int) -> String {
    let address = kind == .name ? "localhost" : "127.0.0.1"
    let check = #"{"interval": "1s", "timeout": "1s", "http": {"path": "/healthz"}}"#
    return """
      {"connect_timeout": "\(timeout)s", "health_checks": [\(kind == .checked ? check : "")],
       "endpoints": [{"address": "\(address)", "port": \(port)}]}
      """
  }
}

extension Scene.Route {
  fileprivate var json: String {
    """
    {"hosts": ["\(host)"], "match": {"prefix": "\(prefix)"}, "service": "\(service)",
     "timeout": "\(timeout)s"}
    """
  }
}
