import Dispatch
import Foundation
import HashTreeCollections
import Logging
import Model
import Snapshots
import Store
import Testing
import XDSCompiler

@testable import Publisher

@Suite struct RegistrationTests {
  private let bench: RegistrationBench

  init() async throws {
    bench = try RegistrationBench()
    try await bench.write(
      (ObjectKey(.service, "users"), .service(Service(endpoints: [bench.endpoint(1)]))),
      (ObjectKey(.route, "users"), .route(bench.route(to: "users")))
    )
  }

  @Test func `an instance is served beside the endpoints of the document`() async throws {
    #expect(try await bench.register(2) == .new)
    #expect(try bench.served == bench.assignment(1, 2))
    #expect(bench.board.snapshots?.others.revision == 2)
  }

  @Test func `a posting names the assignment as what changed, and nothing else`() async throws {
    let before = try #require(bench.board.view(of: "*", since: 0)).posting
    try await bench.register(2)
    let view = try #require(bench.board.view(of: "*", since: before))
    #expect(view.posting == before + 1)
    #expect(view.changed == [ResourceKey(.endpoints, "users")])
  }

  @Test func `gateways and routes change beside instances`() async throws {
    try await bench.register(2)
    var moved = Gateway(port: 8081)
    moved.labels = ["moved": "yes"]
    try await bench.write(
      (ObjectKey(.gateway, "default"), .gateway(moved)),
      (ObjectKey(.route, "more"), .route(bench.route(to: "users", on: "a.example.com")))
    )
    let snapshot = try #require(bench.board.snapshots?.others)
    for listeners in [snapshot[.listener], snapshot.hostwise[.listener]] {
      #expect(listeners.byName.keys.map { $0.hasSuffix(":8081") } == [true])
    }
    #expect(snapshot[.virtualHost]["default/vhds/a.example.com"] != nil)
    #expect(try bench.served == bench.assignment(1, 2))
  }

  @Test func `a renewal posts nothing and makes no revision`() async throws {
    try await bench.register(2)
    let posting = bench.board.view(of: "*", since: 0)?.posting
    #expect(try await bench.register(2) == .renewed)
    #expect(bench.board.view(of: "*", since: 0)?.posting == posting)
    #expect(bench.store.head.revision.number == 2)
  }

  @Test func `what is not renewed in time is taken out, and from the store`() async throws {
    try await bench.register(2, 3)
    bench.clock.advance(by: .seconds(20))
    try await bench.register(3)
    bench.clock.advance(by: .seconds(10))
    bench.registrations.expire()
    #expect(try bench.served == bench.assignment(1, 3))
    // The next that is stored comes after it.
    try await bench.register(4)
    #expect(try bench.stored == ["10.0.0.3:80", "10.0.0.4:80"])
  }

  @Test func `a thousand that expire together are one posting`() async throws {
    try await bench.register(numbers: 2..<1002)
    let before = try #require(bench.board.view(of: "*", since: 0)).posting
    bench.clock.advance(by: .seconds(31))
    bench.registrations.expire()
    #expect(bench.board.view(of: "*", since: 0)?.posting == before + 1)
    #expect(try bench.served == bench.assignment(1))
  }

  @Test func `those that register while the store is busy are stored together, in one posting`()
    async throws
  {
    let before = try #require(bench.board.view(of: "*", since: 0)).posting
    let free = DispatchSemaphore(value: 0)
    bench.store.registering { _ in free.wait() }
    let registering = Task { try await bench.register(numbers: 2..<103) }
    while bench.registrations.waiting < 101 { await Task.yield() }
    free.signal()
    try await registering.value
    #expect(bench.board.view(of: "*", since: 0)?.posting == before + 1)
    #expect(try bench.stored.count == 101)
  }

  @Test func `after a restart an instance is served and has all its time from readiness`()
    async throws
  {
    try await bench.register(2)
    let again = try bench.restarted()
    #expect(try again.served == bench.assignment(1, 2))
    again.clock.advance(by: .seconds(100))
    again.registrations.begin()
    again.clock.advance(by: .seconds(29))
    again.registrations.expire()
    #expect(try again.served == bench.assignment(1, 2))
    again.clock.advance(by: .seconds(1))
    again.registrations.expire()
    #expect(try again.served == bench.assignment(1))
  }

  @Test func `a service that is deleted and made anew has no instances`() async throws {
    try await bench.register(2)
    try await bench.write((ObjectKey(.route, "users"), nil), (ObjectKey(.service, "users"), nil))
    try await bench.write(
      (ObjectKey(.service, "users"), .service(Service())),
      (ObjectKey(.route, "users"), .route(bench.route(to: "users")))
    )
    #expect(try bench.served == bench.assignment())
    #expect(try bench.stored == [])
  }

  @Test func `a service that a later revision routes to is served with its instances`()
    async throws
  {
    try await bench.write((ObjectKey(.route, "users"), nil))
    try await bench.register(2)
    #expect(bench.resource == nil)
    try await bench.write((ObjectKey(.route, "users"), .route(bench.route(to: "users"))))
    #expect(try bench.served == bench.assignment(1, 2))
  }

  @Test func `a revision keeps the instances, and a new set of fleets does, too`() async throws {
    try await bench.register(2)
    try await bench.write(
      (ObjectKey(.service, "users"), .service(Service(endpoints: [bench.endpoint(3)])))
    )
    #expect(try bench.served == bench.assignment(2, 3))
    let gateway = Gateway(port: 8081, fleet: "east")
    try await bench.write((ObjectKey(.gateway, "east"), .gateway(gateway)))
    #expect(try bench.served == bench.assignment(2, 3))
    let east = bench.board.snapshots?["east"][ResourceKey(.endpoints, "users")]
    #expect(try east?.body == bench.assignment(2, 3))
  }

  @Test func `an instance that is an endpoint of the document is that endpoint`() async throws {
    let other = Endpoint(address: "10.0.0.1", port: 80, health: .unhealthy)
    let registration = Registration(service: "users", endpoint: other, ttl: .seconds(30))
    _ = try await bench.registrations.put(registration)
    #expect(try bench.served == bench.assignment(1))
  }

  @Test func `a service that proxies check holds its instances in its cluster`() async throws {
    let key = ResourceKey(.cluster, "users")
    func checked(_ endpoints: Endpoint...) -> Service {
      Service(endpoints: endpoints, healthChecks: [HealthCheck(.tcp)])
    }
    try await bench.write(
      (ObjectKey(.service, "users"), .service(checked(bench.endpoint(1), bench.endpoint(2))))
    )
    let both = bench.board.snapshots?.others[key]?.version
    try await bench.write((ObjectKey(.service, "users"), .service(checked(bench.endpoint(1)))))
    let before = try #require(bench.board.view(of: "*", since: 0)).posting
    try await bench.register(2)
    #expect(bench.board.snapshots?.others[key]?.version == both)
    #expect(bench.board.view(of: "*", since: before)?.changed == [key])
    #expect(bench.resource == nil)
  }

  @Test func `one that is taken out is gone at once`() async throws {
    try await bench.register(2)
    let key = Registration.Key(service: "users", id: "10.0.0.2:80")
    #expect(try await bench.registrations.remove(key))
    #expect(try await !bench.registrations.remove(key))
    #expect(try bench.served == bench.assignment(1))
    #expect(try bench.stored == [])
  }

  @Test func `an instance of a service that does not exist is absent`() async throws {
    let registration = Registration(
      service: "none",
      endpoint: bench.endpoint(2),
      ttl: .seconds(30)
    )
    #expect(try await bench.registrations.put(registration) == .absent)
    #expect(try bench.stored == [])
  }

  @Test func `a closed store refuses new instances but renews those it has`() async throws {
    try await bench.register(2)
    try bench.store.close()
    #expect(try await bench.register(2) == .renewed)
    await #expect(throws: StoreUnavailable.self) { try await bench.register(3) }
    #expect(try bench.served == bench.assignment(1, 2))
  }
}
