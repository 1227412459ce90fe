import Snapshots
import Testing

@testable import Publisher

@Suite struct RolloutTests {
  private let bench: Bench
  private let ledger: ProxyLedger

  init() throws {
    bench = try Bench()
    ledger = try bench.open()
    bench.post(4, "a")
    _ = ledger.proxies
  }

  private func states(_ revision: Int) -> [Rollout.State] {
    ledger.rollout(of: revision).proxies.map(\.state)
  }

  @Test func `a revision is pending, then sent, then acked`() async {
    let id = bench.proxies.open(.sample(), having: 4)
    bench.post(5, "b")
    await ledger.catchUp()
    #expect(states(5) == [.pending])
    bench.proxies.send(id, 5, acked: 4)
    await ledger.catchUp()
    #expect(states(5) == [.sent])
    #expect(!ledger.rollout(of: 5).isComplete)
    bench.proxies.settle(id, at: 5)
    await ledger.catchUp()
    #expect(states(5) == [.acked])
    #expect(ledger.rollout(of: 5).isComplete)
  }

  @Test func `a later revision that was acked brings the earlier ones`() async {
    bench.proxies.open(.sample(), having: 9)
    bench.post(9, "b")
    await ledger.catchUp()
    #expect(states(7) == [.acked])
  }

  @Test func `a revision that changes nothing for a proxy's fleet counts at once`() async {
    bench.proxies.open(.sample("a", fleet: "east"), having: 4)
    bench.proxies.open(.sample("b", fleet: "west"), having: 4)
    bench.post(5, "b")
    await ledger.catchUp()
    #expect(states(5) == [.pending, .acked])
  }

  @Test func `a proxy that left is offline for what it had not, and acked for what it had`() async {
    let id = bench.proxies.open(.sample(), having: 4)
    bench.proxies.close(id)
    bench.post(5, "b")
    await ledger.catchUp()
    #expect(states(4) == [.acked])
    #expect(states(5) == [.offline])
    #expect(ledger.rollout(of: 5).isComplete)
  }

  @Test func `a refusal is of all revisions that the response brought, and stays`() async throws {
    let id = bench.proxies.open(.sample(), having: 4)
    bench.post(7, "b")
    bench.proxies.refuse(id, 7, acked: 4)
    await ledger.catchUp()
    #expect(states(4) == [.acked])
    for revision in 5...7 { #expect(states(revision) == [.rejected]) }
    #expect(ledger.rollout(of: 6).isRejected)
    #expect(ledger.rollout(of: 6).proxies.first?.rejection?.message == "No 7.")

    bench.post(8, "c")
    bench.proxies.settle(id, at: 8)
    await ledger.catchUp()
    #expect(states(7) == [.rejected])
    #expect(states(8) == [.acked])
    bench.proxies.close(id)
    await ledger.catchUp()
    #expect(states(7) == [.rejected])
  }

  @Test func `a later revision with what was refused is refused as soon as the stream has seen it`()
    async
  {
    let id = bench.proxies.open(.sample(), having: 4)
    bench.post(5, "b")
    bench.proxies.refuse(id, 5, acked: 4)
    bench.post(6, "b")
    await ledger.catchUp()
    #expect(states(6) == [.pending])
    bench.proxies.refuse(id, 5, acked: 4, lookingAt: 6)
    await ledger.catchUp()
    #expect(states(6) == [.rejected])
  }

  @Test func `a proxy that reconnects and takes what it refused has it`() async {
    let id = bench.proxies.open(.sample(), having: 4)
    bench.post(7, "b")
    bench.proxies.refuse(id, 7, acked: 4)
    bench.proxies.close(id)
    await ledger.catchUp()
    #expect(states(7) == [.rejected])
    bench.proxies.open(.sample(), having: 7)
    await ledger.catchUp()
    #expect(states(7) == [.acked])
    #expect(states(5) == [.acked])
    #expect(ledger.proxy("a")?.rejection?.message == "No 7.")
  }

  @Test func `a first response that is refused says nothing of what was acked before`() async {
    let former = bench.proxies.open(.sample(), having: 4)
    bench.proxies.close(former)
    bench.post(5, "b")
    await ledger.catchUp()
    let id = bench.proxies.open(.sample())
    bench.proxies.refuse(id, 5, acked: nil)
    await ledger.catchUp()
    #expect(ledger.proxy("a")?.rejection?.since == 4)
    #expect(states(5) == [.rejected])
    #expect(states(4) == [.acked])
    #expect(ledger.proxy("a")?.applied == 4)
    #expect(ledger.proxy("a")?.types[.cluster] == ProxyTypeStatus(acked: 4, sent: 5))
  }
}
