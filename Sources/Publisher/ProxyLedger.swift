package import Foundation
package import Logging
import ServiceLifecycle
package import Snapshots
import Store
import Synchronization

/// Every proxy that is or was connected, what it took, and what it refused.
///
/// It follows the board of open streams and keeps in the store what it sees: refusals at once and
/// before they are shown, all else at most once a second and after it is shown. What cannot be
/// stored is tried again every second, and disturbs nobody. Several streams of one node id are one
/// proxy.
///
/// A batch of changes costs the streams that changed and, while anybody waits for a rollout, a look
/// at each connected proxy; a batch has all changes since the last one.
package final class ProxyLedger: ServiceLifecycle.Service, Sendable {
  let board: SnapshotBoard
  let proxyBoard: ProxyBoard
  let store: ConfigStore
  let logger: Logger
  let retention: Duration
  let clock: any Clock<Duration>
  let now: @Sendable () -> Date
  let state: Mutex<LedgerState>
  /// Yields, to `run`, when there may be something to do.
  private let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation
  let follower: ProxyBoard.Follower

  /// Remembers the proxies that are stored.
  ///
  /// A proxy that is gone for longer than the retention, and for as long as this process runs, is
  /// forgotten.
  ///
  /// - Throws: If the store cannot be read.
  package init(
    proxies: ProxyBoard,
    board: SnapshotBoard,
    store: ConfigStore,
    retention: Duration = .seconds(24 * 3600),
    logger: Logger,
    clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Date = { Date() }
  ) throws {
    proxyBoard = proxies
    self.board = board
    self.store = store
    self.retention = retention
    self.logger = logger
    self.clock = clock
    self.now = now
    state = Mutex(LedgerState(try store.observations(), openedAt: now()))
    let (signals, signal) = AsyncStream.makeStream(
      of: Void.self,
      bufferingPolicy: .bufferingNewest(1)
    )
    self.signals = signals
    self.signal = signal
    follower = proxies.addFollower { signal.yield() }
  }

  deinit { proxyBoard.removeFollower(follower) }

  /// Follows the boards until graceful shutdown, and then stores what is not stored yet.
  package func run() async throws {
    let reader = board.addReader { [signal] in signal.yield() }
    defer { board.removeReader(reader) }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.tick() }
      for await _ in signals.cancelOnGracefulShutdown() {
        await gather()
        await catchUp()
        if state.withLock({ $0.takeTick() }) { await save() }
      }
      group.cancelAll()
    }
    await catchUp()
    await save()
    endWaits()
  }

  /// Lets the answers of many streams to one change come together: to be woken for each costs more
  /// than to take it in.
  ///
  /// Waits 20 microseconds for each open stream, at most 20 milliseconds, and not for a few.
  private func gather() async {
    let streams = min(proxyBoard.count, 1000)
    if streams > 50 { try? await Task.sleep(for: .microseconds(20 * streams)) }
  }

  private func tick() async {
    while true {
      do { try await clock.sleep(for: .seconds(1)) } catch { return }
      state.withLock { $0.isTicked = true }
      signal.yield()
    }
  }
}

// What is known.
extension ProxyLedger {
  /// The proxies that are connected or remembered, sorted by id.
  package var proxies: [Proxy] {
    reading { state, now in
      state.ids.compactMap { state.records[$0]?.proxy(state.fleets, at: now) }
    }
  }

  /// The proxy with that node id; nil if there was none, or it is forgotten.
  package func proxy(_ id: String) -> Proxy? {
    reading { state, now in state.records[id]?.proxy(state.fleets, at: now) }
  }

  /// How far each proxy is with a revision.
  package func rollout(of revision: Int) -> Rollout {
    reading { state, now in state.rollout(of: revision, at: now) }
  }

  func reading<Value: Sendable>(_ body: (inout LedgerState, Date) -> Value) -> Value {
    let (snapshots, now) = (board.snapshots, now())
    return state.withLock { state in
      state.fleets.note(snapshots)
      return body(&state, now)
    }
  }
}
