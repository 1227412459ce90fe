import Foundation
import HashTreeCollections
import Snapshots
import Testing

@testable import Publisher

/// One type of a stream: what was sent, acked, and what the stream says of it.
struct TypeCase: Sendable {
  var type: ResourceType
  var sent: Int?
  var acked: Int?
  var progress: StreamProgress
}

/// X19: by the types of its stream, what a proxy has applied and what its state is, where the
/// newest revision is 5, and the last that changed anything for its fleet is 4.
struct StandingCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var types: [TypeCase]
  var applied: Int?
  var state: Proxy.State

  init(_ name: String, _ types: [TypeCase], applied: Int?, state: Proxy.State) {
    testDescription = name
    self.types = types
    self.applied = applied
    self.state = state
  }
}

private func current(_ type: ResourceType, _ acked: Int) -> TypeCase {
  TypeCase(type: type, sent: acked, acked: acked, progress: .current)
}

private func pending(_ type: ResourceType, _ sent: Int?, acked: Int?) -> TypeCase {
  TypeCase(type: type, sent: sent, acked: acked, progress: .pending)
}

private let cases = [
  StandingCase("a stream that asks for nothing yet", [], applied: nil, state: .pending),
  StandingCase(
    "before the first ACK of a type",
    [current(.cluster, 5), pending(.listener, 5, acked: nil)],
    applied: nil,
    state: .pending
  ),
  StandingCase(
    "everything acked",
    [current(.cluster, 5), current(.listener, 5)],
    applied: 5,
    state: .synced
  ),
  StandingCase(
    "one type is behind",
    [pending(.cluster, 5, acked: 3), current(.listener, 5), current(.routes, 5)],
    applied: 3,
    state: .pending
  ),
  StandingCase(
    "a stream that has not looked at a revision which changes nothing for it",
    [current(.cluster, 4), current(.listener, 4)],
    applied: 5,
    state: .synced
  ),
  StandingCase(
    "a stream that has not looked at a revision which changes something for it",
    [current(.cluster, 3), current(.listener, 3)],
    applied: 3,
    state: .pending
  ),
  StandingCase(
    "asked again for something of a revision that was acked",
    [current(.cluster, 5), current(.listener, 5), pending(.routes, 5, acked: 5)],
    applied: 3,
    state: .pending
  ),
  StandingCase(
    "types never asked for are not held against it",
    [current(.endpoints, 5)],
    applied: 5,
    state: .synced
  ),
]

@Suite struct ProxyStateTests {
  private let bench: Bench
  private let ledger: ProxyLedger

  init() throws {
    bench = try Bench()
    ledger = try bench.open()
  }

  @Test(arguments: cases)
  func `X19: what a proxy has applied`(_ standing: StandingCase) async throws {
    bench.post(4, "a")
    _ = ledger.proxies
    bench.post(5, "a")
    let id = bench.proxies.open(.sample())
    bench.proxies.update(
      id,
      ByType(
        standing.types.map { ($0.type, ProxyStanding(sent: $0.sent, acked: $0.acked)) }
      ),
      progress: ByType(standing.types.map { ($0.type, $0.progress) }),
      revision: standing.types.compactMap { max($0.sent ?? 0, $0.acked ?? 0) }.max() ?? 5
    )
    await ledger.catchUp()
    let proxy = try #require(ledger.proxy("a"))
    #expect(proxy.applied == standing.applied)
    #expect(proxy.state == standing.state)
  }

  @Test func `a proxy that has its clusters has a second to ask for listeners`() async {
    bench.post(5, "a")
    let id = bench.proxies.open(.sample())
    bench.proxies.update(
      id,
      [.cluster: ProxyStanding(sent: 5, acked: 5)],
      progress: [.cluster: .current],
      revision: 5
    )
    await ledger.catchUp()
    #expect(ledger.proxy("a")?.state == .pending)
    bench.clock.advance(by: .seconds(1))
    #expect(ledger.proxy("a")?.state == .synced)
  }

  @Test func `a listener counts once its route configuration is there`() async {
    bench.post(5, "a")
    let routes = ResourceKey(.routes, "r")
    let listener = Resource(ResourceKey(.listener, "l"), body: [1], needs: [routes])
    let standing = ProxyStanding(sent: 5, acked: 5)
    let id = bench.proxies.open(.sample())
    func update(_ held: TreeDictionary<String, Resource>) {
      bench.proxies.update(
        id,
        [.cluster: standing, .listener: standing, .routes: standing],
        sent: [.listener: ["l": listener], .routes: held],
        progress: [.cluster: .current, .listener: .current, .routes: .current],
        revision: 5
      )
    }
    update([:])
    await ledger.catchUp()
    #expect(ledger.proxy("a")?.state == .pending)
    update(["r": Resource(routes, body: [2])])
    await ledger.catchUp()
    #expect(ledger.proxy("a")?.state == .synced)
  }

  @Test func `a proxy has a second to ask for the virtual hosts of its route configurations`() async
  {
    bench.post(5, "a")
    let standing = ProxyStanding(sent: 5, acked: 5)
    let id = bench.proxies.open(.sample())
    func update(_ types: [ResourceType]) {
      let routes = Resource(ResourceKey(.routes, "r"), body: [1], awaitsVirtualHosts: true)
      bench.proxies.update(
        id,
        ByType(types.map { ($0, standing) }),
        sent: [.routes: ["r": routes]],
        progress: ByType(types.map { ($0, .current) }),
        revision: 5
      )
    }
    let types: [ResourceType] = [.cluster, .listener, .routes]
    update(types)
    await ledger.catchUp()
    #expect(ledger.proxy("a")?.state == .pending)
    bench.clock.advance(by: .seconds(1))
    #expect(ledger.proxy("a")?.state == .synced)
    update(types + [.virtualHost])
    await ledger.catchUp()
    #expect(ledger.proxy("a")?.state == .synced)
  }

  @Test func `X7: several streams of one node id are one proxy, as far as the last of them`()
    async throws
  {
    bench.post(5, "a")
    let first = bench.proxies.open(.sample(), having: 5)
    bench.clock.advance(by: .seconds(2))
    let second = bench.proxies.open(.sample(), having: 4)
    await ledger.catchUp()
    let proxy = try #require(ledger.proxy("a"))
    #expect(ledger.proxies.map(\.id) == ["a"])
    #expect(proxy.streams.map(\.id) == [first, second])
    #expect(proxy.types[.cluster] == ProxyTypeStatus(acked: 4, sent: 4))
    #expect(proxy.applied == 4)
    #expect(proxy.connectedSince == bench.clock.date.addingTimeInterval(-2))
    #expect(proxy.version == "1.40.0")
    #expect(proxy.locality == Locality(region: "eu", zone: "1"))
  }

  @Test func `a proxy that leaves is offline, with what it had and when it was seen`() async throws
  {
    bench.post(5, "a")
    let id = bench.proxies.open(.sample(), having: 5)
    await ledger.catchUp()
    bench.clock.advance(by: .seconds(7))
    bench.proxies.close(id)
    await ledger.catchUp()
    let left = bench.clock.date
    bench.clock.advance(by: .seconds(60))
    let proxy = try #require(ledger.proxy("a"))
    #expect(proxy.state == .offline)
    #expect(proxy.applied == 5)
    #expect(proxy.types[.cluster] == ProxyTypeStatus(acked: 5))
    #expect(proxy.connectedSince == nil)
    #expect(proxy.lastSeen == left)
    #expect(proxy.streams.isEmpty)
  }

  @Test func `proxies are sorted by id`() async {
    for id in ["c", "a", "b"] { _ = bench.proxies.open(.sample(id), having: 1) }
    await ledger.catchUp()
    #expect(ledger.proxies.map(\.id) == ["a", "b", "c"])
  }

  @Test func `a refusal makes a proxy rejected, in its words, until it takes something`()
    async throws
  {
    bench.post(5, "a")
    let id = bench.proxies.open(.sample(), having: 4)
    bench.proxies.refuse(id, 5, acked: 4)
    await ledger.catchUp()
    let proxy = try #require(ledger.proxy("a"))
    #expect(proxy.state == .rejected)
    #expect(proxy.applied == 4)
    let rejection = try #require(proxy.rejection)
    #expect(rejection.type == .cluster)
    #expect(rejection.revision == 5)
    #expect(rejection.since == 4)
    #expect(rejection.names == ["a", "b"])
    #expect(rejection.message == "No 5.")
    #expect(rejection.at == "2025-06-15T15:06:40.000Z")
    bench.post(6, "b")
    bench.proxies.settle(id, at: 6)
    await ledger.catchUp()
    #expect(ledger.proxy("a")?.state == .synced)
    #expect(ledger.proxy("a")?.rejection == rejection)
  }
}
