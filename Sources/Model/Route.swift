/// Which requests go where.
///
/// Unset fields are nil and stay so.
package struct Route: Hashable, Sendable {
  /// One of several services that share the requests.
  package struct Backend: Hashable, Sendable {
    package var service: String
    /// Relative to the sum of all; nil is 1, and 0 gets no requests.
    package var weight: Int?

    package init(service: String, weight: Int? = nil) {
      self.service = service
      self.weight = weight
    }
  }

  /// An answer that sends the client elsewhere.
  ///
  /// What is nil stays as in the request.
  package struct Redirect: Hashable, Sendable {
    /// What the client is to speak.
    package enum Scheme: String, CaseIterable, Sendable { case http, https }

    package var scheme: Scheme?
    package var host: String?
    package var port: Int?
    package var path: String?
    /// 301, 302, 303, 307 or 308; nil is 301.
    package var status: Int?

    package init(
      scheme: Scheme? = nil,
      host: String? = nil,
      port: Int? = nil,
      path: String? = nil,
      status: Int? = nil
    ) {
      self.scheme = scheme
      self.host = host
      self.port = port
      self.path = path
      self.status = status
    }
  }

  /// An answer given by the proxy itself.
  package struct Response: Hashable, Sendable {
    package var status: Int
    package var body: String?

    package init(status: Int, body: String? = nil) {
      self.status = status
      self.body = body
    }
  }

  /// What becomes of a request.
  package enum Action: Hashable, Sendable {
    case service(String)
    case backends([Backend])
    case redirect(Redirect)
    case respond(Response)
  }

  /// nil is all gateways.
  package var gateways: [String]?
  /// In lower case; nil is every host.
  package var hosts: [String]?
  package var match: RouteMatch
  package var action: Action
  /// For the whole answer; zero is no limit, nil is Envoy's 15 s.
  package var timeout: TimeSpan?
  /// What takes the place of the matched prefix or path.
  package var prefixRewrite: String?
  package var priority: Int?
  package var labels: [String: String]?

  package init(
    gateways: [String]? = nil,
    hosts: [String]? = nil,
    match: RouteMatch,
    action: Action,
    timeout: TimeSpan? = nil,
    prefixRewrite: String? = nil,
    priority: Int? = nil,
    labels: [String: String]? = nil
  ) {
    self.gateways = gateways
    self.hosts = hosts
    self.match = match
    self.action = action
    self.timeout = timeout
    self.prefixRewrite = prefixRewrite
    self.priority = priority
    self.labels = labels
  }

  /// The domains of its virtual hosts, the default included.
  package var domains: [String] { hosts ?? ["*"] }

  /// The services that it sends requests to, with where in the route each stands.
  package var references: [(service: String, pointer: String)] {
    switch action {
    case .service(let service): [(service, "/service")]
    case .backends(let backends):
      backends.enumerated().map { ($1.service, "/backends/\($0)/service") }
    case .redirect, .respond: []
    }
  }
}
