import Model
import Store
import Synchronization

/// What became of a wish about a registration.
package enum RegistrationOutcome: Hashable, Sendable {
  case new, renewed, removed
  /// There is no such service, or no such instance.
  case absent
}

/// Registrations that wait to be stored: those that come while others are being stored are the next
/// transaction together, and one posting.
final class RegistrationQueue: Sendable {
  private typealias Elapsed = @Sendable () -> Duration

  private struct Member {
    var edit: RegistrationEdit
    var continuation: CheckedContinuation<RegistrationOutcome, any Error>
  }

  private struct Batch {
    var members: [Member] = []
    /// What proxies do not have any more, but the store may.
    var expired: Set<Registration.Key> = []
  }

  private struct State {
    var next = Batch()
    var isScheduled = false
  }

  private let store: ConfigStore
  private let publisher: Publisher
  private let state = Mutex(State())

  init(store: ConfigStore, publisher: Publisher) {
    self.store = store
    self.publisher = publisher
  }

  /// How many wishes wait for the store.
  var count: Int { state.withLock { $0.next.members.count } }

  /// Stores an edit durably, and then has it served.
  ///
  /// - Throws: `StoreUnavailable`; then nothing is done.
  func store(
    _ edit: RegistrationEdit,
    elapsed: @escaping @Sendable () -> Duration
  ) async throws -> RegistrationOutcome {
    try await withCheckedThrowingContinuation { continuation in
      schedule(elapsed) { $0.members.append(Member(edit: edit, continuation: continuation)) }
    }
  }

  /// Has what expired taken out of the store, some time.
  func forget(_ keys: Set<Registration.Key>, elapsed: @escaping @Sendable () -> Duration) {
    schedule(elapsed) { $0.expired.formUnion(keys) }
  }

  private func schedule(_ elapsed: @escaping Elapsed, _ add: (inout Batch) -> Void) {
    let isFirst = state.withLock { state in
      add(&state.next)
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    guard isFirst else { return }
    store.registering { store in self.commit(self.takeBatch(), elapsed, store) }
  }

  private func takeBatch() -> Batch {
    state.withLock { state in
      defer { state = State() }
      return state.next
    }
  }

  /// The store's thread does this, so that no later registration is in the table yet: one that
  /// expired and is there now is not to be forgotten.
  private func commit(
    _ batch: Batch,
    _ elapsed: Elapsed,
    _ store: ConfigStore.StoreRegistrations
  ) {
    let expired = publisher.registrations { table in batch.expired.filter { table[$0] == nil } }
    do {
      let orphans = try store(expired.map { .remove($0) } + batch.members.map(\.edit))
      let now = elapsed()
      let outcomes = publisher.registrations { table in
        batch.members.map { orphans.contains($0.edit.key) ? .absent : table.take($0.edit, at: now) }
      }
      for (member, outcome) in zip(batch.members, outcomes) {
        member.continuation.resume(returning: outcome)
      }
    } catch {
      // Those are tried again with the next that comes.
      state.withLock { $0.next.expired.formUnion(expired) }
      for member in batch.members { member.continuation.resume(throwing: error) }
    }
  }
}

extension RegistrationTable {
  mutating func take(_ edit: RegistrationEdit, at now: Duration) -> RegistrationOutcome {
    switch edit {
    case .put(let registration):
      put(registration, until: now + registration.ttl.duration) ? .new : .renewed
    case .remove(let key): remove(key) ? .removed : .absent
    }
  }
}
