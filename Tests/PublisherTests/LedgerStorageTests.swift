import Foundation
import Logging
import ServiceLifecycle
import Snapshots
import Store
import Testing

@testable import Publisher

@Suite struct LedgerStorageTests {
  private let bench: Bench

  init() throws {
    bench = try Bench()
    bench.post(5, "a")
  }

  @Test func `a refusal is stored before it is shown, without any batch`() async throws {
    let ledger = try bench.open()
    let id = bench.proxies.open(.sample(), having: 4)
    bench.proxies.refuse(id, 5, acked: 4)
    await ledger.catchUp()
    let stored = try ledger.store.observations()
    #expect(stored.proxies.map(\.id) == ["a"])
    #expect(stored.rejections.map(\.message) == ["No 5."])
    #expect(stored.rejections.map(\.since) == [4])
    #expect(stored.rejections.map(\.names) == [["a", "b"]])
    #expect(stored.rejections.map(\.type) == ["Cluster"])
  }

  @Test func `ACKs are stored by the next batch, the newest of each type`() async throws {
    let ledger = try bench.open()
    let id = bench.proxies.open(.sample(), having: 4)
    await ledger.catchUp()
    bench.proxies.settle(id, at: 5)
    await ledger.catchUp()
    #expect(try ledger.store.observations().proxies.isEmpty)
    await ledger.save()
    let stored = try #require(try ledger.store.observations().proxies.first)
    #expect(stored.acked == ["Cluster": 5, "Listener": 5])
    #expect(stored.applied == 5)
    #expect(
      [stored.fleet, stored.version, stored.region, stored.zone] == ["east", "1.40.0", "eu", "1"]
    )
  }

  @Test func `after a restart proxies are offline, with what they had and what they refused`()
    async throws
  {
    var ledger = try bench.open()
    let id = bench.proxies.open(.sample(), having: 4)
    bench.proxies.refuse(id, 5, acked: 4)
    await ledger.catchUp()
    await ledger.save()
    let before = try #require(ledger.proxy("a"))
    try ledger.store.close()
    bench.proxies.close(id)

    ledger = try bench.open()
    let after = try #require(ledger.proxy("a"))
    #expect(after.state == .offline)
    #expect(after.applied == 4)
    #expect(after.types[.cluster] == ProxyTypeStatus(acked: 4))
    #expect(after.rejection == before.rejection)
    #expect(after.firstSeen == before.firstSeen)
    #expect(after.fleet == "east")
    #expect(after.locality == before.locality)
    #expect(ledger.rollout(of: 5).proxies.map(\.state) == [.rejected])
    #expect(ledger.rollout(of: 4).proxies.map(\.state) == [.acked])
  }

  @Test func `that a proxy took after all what it had refused is stored`() async throws {
    var ledger = try bench.open()
    let id = bench.proxies.open(.sample(), having: 4)
    bench.proxies.refuse(id, 5, acked: 4)
    bench.proxies.close(id)
    await ledger.catchUp()
    bench.proxies.close(bench.proxies.open(.sample(), having: 5))
    await ledger.catchUp()
    await ledger.save()
    try ledger.store.close()
    ledger = try bench.open()
    #expect(ledger.rollout(of: 5).proxies.map(\.state) == [.acked])
    #expect(ledger.proxy("a")?.rejection?.message == "No 5.")
  }

  @Test func `a proxy that is gone longer than the retention is forgotten, in the store too`()
    async throws
  {
    let ledger = try bench.open(retention: .seconds(60))
    let id = bench.proxies.open(.sample("gone"), having: 4)
    bench.proxies.refuse(id, 5, acked: 4)
    bench.proxies.close(id)
    bench.proxies.open(.sample("here"), having: 5)
    await ledger.catchUp()
    bench.clock.advance(by: .seconds(59))
    await ledger.save()
    #expect(ledger.proxies.map(\.id) == ["gone", "here"])
    bench.clock.advance(by: .seconds(1))
    await ledger.save()
    #expect(ledger.proxies.map(\.id) == ["here"])
    let stored = try ledger.store.observations()
    #expect(stored.proxies.map(\.id) == ["here"])
    #expect(stored.rejections.isEmpty)
  }

  @Test func `the time in which Chancery was down does not count as gone`() async throws {
    var ledger = try bench.open(retention: .seconds(60))
    bench.proxies.close(bench.proxies.open(.sample(), having: 5))
    await ledger.catchUp()
    await ledger.save()
    try ledger.store.close()
    bench.clock.advance(by: .seconds(1000))
    ledger = try bench.open(retention: .seconds(60))
    await ledger.save()
    #expect(ledger.proxies.map(\.id) == ["a"])
  }

  @Test func `nothing new is nothing stored, but a connected proxy's last sight is kept fresh`()
    async throws
  {
    let ledger = try bench.open()
    bench.proxies.open(.sample(), having: 5)
    await ledger.catchUp()
    await ledger.save()
    let seen = bench.clock.date
    bench.clock.advance(by: .seconds(200))
    await ledger.save()
    #expect(try ledger.store.observations().proxies.map(\.lastSeen) == [seen])
    bench.clock.advance(by: .seconds(100))
    await ledger.save()
    #expect(try ledger.store.observations().proxies.map(\.lastSeen) == [bench.clock.date])
  }

  @Test func `a proxy is forgiven no more than its last refusals`() async throws {
    var ledger = try bench.open()
    let id = bench.proxies.open(.sample(), having: 4)
    for revision in 5..<155 { bench.proxies.refuse(id, revision, acked: 4) }
    await ledger.catchUp()
    await ledger.save()
    #expect(try ledger.store.observations().rejections.count == LedgerState.refusalLimit)
    try ledger.store.close()
    ledger = try bench.open()
    #expect(ledger.proxy("a")?.rejection?.revision == 154)
  }

  @Test func `while the store fails refusals are not shown, and afterwards they are`() async throws
  {
    let ledger = try bench.open()
    let id = bench.proxies.open(.sample(), having: 4)
    let aside = bench.path + ".aside"
    try FileManager.default.moveItem(atPath: bench.path, toPath: aside)
    bench.proxies.refuse(id, 5, acked: 4)
    await ledger.catchUp()
    await ledger.save()
    #expect(ledger.proxy("a")?.state == .pending)
    #expect(ledger.proxy("a")?.rejection == nil)
    #expect(ledger.proxy("a")?.applied == 4)

    try FileManager.default.moveItem(atPath: aside, toPath: bench.path)
    await ledger.save()
    #expect(ledger.proxy("a")?.state == .rejected)
    let stored = try ledger.store.observations()
    #expect(stored.rejections.map(\.message) == ["No 5."])
    #expect(stored.proxies.map(\.applied) == [4])
  }

  @Test func `it follows the board by itself, and stores the rest when it stops`() async throws {
    let ledger = try bench.open()
    let group = ServiceGroup(services: [ledger], logger: .init(label: "test"))
    async let running: Void = group.run()
    await bench.clock.sleepers(1)
    let id = bench.proxies.open(.sample(), having: 4)
    bench.proxies.refuse(id, 5, acked: 4)
    let rollout = await ledger.wait(for: 5, atMost: .seconds(10))
    if !rollout.proxies.isEmpty { #expect(rollout.isRejected) }
    bench.proxies.settle(bench.proxies.open(.sample("b")), at: 5)
    await group.triggerGracefulShutdown()
    try await running
    #expect(try ledger.store.observations().proxies.map(\.id) == ["a", "b"])
  }

  @Test func `a second is between two batches`() async throws {
    let ledger = try bench.open()
    let group = ServiceGroup(services: [ledger], logger: .init(label: "test"))
    async let running: Void = group.run()
    await bench.clock.sleepers(1)
    bench.proxies.open(.sample(), having: 5)
    bench.clock.advance(by: .seconds(1))
    while try ledger.store.observations().proxies.isEmpty { await Task.yield() }
    await group.triggerGracefulShutdown()
    try await running
  }
}
