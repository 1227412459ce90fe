import Model
import Testing
import XDSCompiler

/// 4 295 weights of a million are more than 32 bits hold.
private let tooMany = 4_295

@Test func `endpoints whose weights sum up beyond 32 bits are refused`() {
  let endpoints = (1...tooMany).map {
    Endpoint(address: "10.0.0.1", port: $0, weight: 1_000_000)
  }
  var document = Document()
  document[ObjectKey(.service, "big")] = .service(Service(endpoints: endpoints))
  let refusal = #expect(throws: Refusal.self) { try Compilation(of: document) }
  #expect(refusal?.faults.map(\.pointer) == ["/services/big/endpoints"])
}

@Test func `the weights of different priorities are not summed up`() throws {
  let endpoints = (1...tooMany).map {
    Endpoint(address: "10.0.0.1", port: $0, weight: 1_000_000, priority: $0 % 2)
  }
  var document = Document()
  document[ObjectKey(.service, "big")] = .service(Service(endpoints: endpoints))
  #expect(throws: Never.self) { try Compilation(of: document) }
}

@Test func `all faults are reported, each at its object`() {
  let backends = (1...tooMany).map { Route.Backend(service: "s\($0)", weight: 1_000_000) }
  let route = Route(match: RouteMatch(path: .prefix("/")), action: .backends(backends))
  var document = Document()
  document[ObjectKey(.route, "one")] = .route(route)
  document[ObjectKey(.route, "two")] = .route(route)
  let refusal = #expect(throws: Refusal.self) { try Compilation(of: document) }
  #expect(refusal?.faults.map(\.pointer) == ["/routes/one/backends", "/routes/two/backends"])
}
