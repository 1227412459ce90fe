import Logging
import ServiceLifecycle
import Snapshots
import Testing

@testable import Publisher

@Suite struct WaitTests {
  private let bench: Bench
  private let ledger: ProxyLedger

  init() throws {
    bench = try Bench()
    ledger = try bench.open()
    bench.post(4, "a")
    _ = ledger.proxies
  }

  /// Waits for revision 5 and does that once the wait has begun.
  private func wait(
    atMost limit: Duration = .seconds(10),
    _ action: @Sendable () async throws -> Void
  ) async rethrows -> Rollout {
    async let rollout = ledger.wait(for: 5, atMost: limit)
    await bench.clock.sleepers(1)
    try await action()
    return await rollout
  }

  @Test func `with no proxy, or none that lacks it, a wait is over at once`() async {
    bench.post(5, "b")
    #expect(await ledger.wait(for: 5, atMost: .seconds(10)).proxies.isEmpty)
    bench.proxies.open(.sample("b", fleet: "west"), having: 4)
    await ledger.catchUp()
    #expect(await ledger.wait(for: 5, atMost: .seconds(10)).isComplete)
  }

  @Test func `a wait is over when every connected proxy has the revision`() async {
    let ids = ["a", "b"].map { bench.proxies.open(.sample($0), having: 4) }
    let gone = bench.proxies.open(.sample("c"), having: 4)
    bench.proxies.close(gone)
    bench.post(5, "b")
    await ledger.catchUp()
    let rollout = await wait { [bench, ledger] in
      for id in ids {
        bench.proxies.settle(id, at: 5)
        await ledger.catchUp()
      }
    }
    #expect(rollout.proxies.map(\.state) == [.acked, .acked, .offline])
    #expect(rollout.isComplete)
  }

  @Test func `the first refusal ends a wait`() async {
    let ids = ["a", "b"].map { bench.proxies.open(.sample($0), having: 4) }
    bench.post(5, "b")
    await ledger.catchUp()
    let rollout = await wait { [bench, ledger] in
      bench.proxies.refuse(ids[1], 5, acked: 4)
      await ledger.catchUp()
    }
    #expect(rollout.proxies.map(\.state) == [.pending, .rejected])
    #expect(rollout.isRejected)
  }

  @Test func `a refusal ends a wait also when the proxy is gone already`() async {
    let id = bench.proxies.open(.sample(), having: 4)
    bench.post(5, "b")
    await ledger.catchUp()
    let rollout = await wait { [bench, ledger] in
      bench.proxies.refuse(id, 5, acked: 4)
      bench.proxies.close(id)
      await ledger.catchUp()
    }
    #expect(rollout.proxies.map(\.state) == [.rejected])
  }

  @Test func `what was refused before and is unchanged ends a wait`() async {
    let id = bench.proxies.open(.sample(), having: 3)
    bench.proxies.refuse(id, 4, acked: 3)
    bench.post(5, "a", "b")
    await ledger.catchUp()
    let rollout = await wait { [bench, ledger] in
      bench.proxies.refuse(id, 4, acked: 3, lookingAt: 5)
      await ledger.catchUp()
    }
    #expect(rollout.proxies.map(\.state) == [.rejected])
  }

  @Test func `a wait is over after its time`() async {
    bench.proxies.open(.sample(), having: 4)
    bench.post(5, "b")
    await ledger.catchUp()
    let rollout = await wait(atMost: .seconds(3)) { [bench] in
      bench.clock.advance(by: .seconds(3))
    }
    #expect(rollout.proxies.map(\.state) == [.pending])
  }

  @Test func `nobody waits for more than 300 seconds`() async {
    bench.proxies.open(.sample(), having: 4)
    bench.post(5, "b")
    await ledger.catchUp()
    let rollout = await wait(atMost: .seconds(1_000_000)) { [bench] in
      bench.clock.advance(by: .seconds(300))
    }
    #expect(!rollout.isComplete)
  }

  @Test func `a proxy that leaves is not waited for any more`() async {
    let id = bench.proxies.open(.sample(), having: 4)
    bench.post(5, "b")
    await ledger.catchUp()
    let rollout = await wait { [bench, ledger] in
      bench.proxies.close(id)
      await ledger.catchUp()
    }
    #expect(rollout.proxies.map(\.state) == [.offline])
  }

  @Test func `a proxy that connects during a wait is waited for`() async {
    let first = bench.proxies.open(.sample("a"), having: 4)
    bench.post(5, "b")
    await ledger.catchUp()
    let rollout = await wait { [bench, ledger] in
      let second = bench.proxies.open(.sample("b"))
      await ledger.catchUp()
      bench.proxies.settle(first, at: 5)
      await ledger.catchUp()
      bench.proxies.settle(second, at: 5)
      await ledger.catchUp()
    }
    #expect(rollout.proxies.map(\.state) == [.acked, .acked])
  }

  @Test func `a stop of the ledger ends every wait, and no other begins`() async {
    bench.proxies.open(.sample(), having: 4)
    bench.post(5, "b")
    await ledger.catchUp()
    let rollout = await wait { [ledger] in ledger.endWaits() }
    #expect(!rollout.isComplete)
    #expect(await !ledger.wait(for: 5, atMost: .seconds(10)).isComplete)
  }

  @Test func `a graceful stop of whoever waits ends the wait`() async throws {
    bench.proxies.open(.sample(), having: 4)
    bench.post(5, "b")
    await ledger.catchUp()
    let rollout = Box<Rollout>()
    let waiter = Waiter { [ledger] in
      rollout.value = await ledger.wait(for: 5, atMost: .seconds(10))
    }
    let group = ServiceGroup(services: [waiter], logger: .init(label: "test"))
    async let running: Void = group.run()
    await bench.clock.sleepers(1)
    await group.triggerGracefulShutdown()
    try? await running
    #expect(rollout.value?.isComplete == false)
  }

  @Test func `a wait that is over is forgotten`() async {
    let id = bench.proxies.open(.sample(), having: 4)
    bench.post(5, "b")
    await ledger.catchUp()
    _ = await wait(atMost: .seconds(3)) { [bench] in bench.clock.advance(by: .seconds(3)) }
    #expect(ledger.reading { state, _ in state.waits.isEmpty })
    _ = await wait { [bench, ledger] in
      bench.proxies.settle(id, at: 5)
      await ledger.catchUp()
    }
    #expect(ledger.reading { state, _ in state.waits.isEmpty })
  }
}

private struct Waiter: Service {
  var body: @Sendable () async -> Void

  func run() async throws { await body() }
}
