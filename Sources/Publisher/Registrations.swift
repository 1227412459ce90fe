package import Logging
import Model
import ServiceLifecycle
package import Store
import Synchronization

/// Service discovery: the instances that register themselves, and renew that in time.
///
/// What is registered, and with what fields, is durable before it is answered. A renewal that
/// changes nothing costs a look into a table: it is not stored, since a restart gives every
/// instance all of its time again. What expires is taken from the proxies first and from the
/// store then.
package final class Registrations: ServiceLifecycle.Service, Sendable {
  private struct Alarm {
    var deadline: Duration?
    var sleep: Task<Void, Never>?
  }

  /// The shortest time between two looks for what expired: what does so meanwhile is one posting.
  private static let granularity = Duration.milliseconds(100)

  private let publisher: Publisher
  private let queue: RegistrationQueue
  private let logger: Logger
  /// How long ago this was made.
  private let elapsed: @Sendable () -> Duration
  /// Sleeps until so much has elapsed.
  private let sleep: @Sendable (Duration) async throws -> Void
  private let alarm = Mutex(Alarm())
  /// Yields, to `run`, when something may expire sooner than it knows.
  private let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  /// Takes up what is stored, to be published with the first revision.
  ///
  /// - Throws: If the store cannot be read.
  package init<Time: Clock<Duration>>(
    store: ConfigStore,
    publisher: Publisher,
    logger: Logger,
    clock: Time = ContinuousClock()
  ) throws {
    let start = clock.now
    elapsed = { start.duration(to: clock.now) }
    sleep = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
    self.publisher = publisher
    self.logger = logger
    queue = RegistrationQueue(store: store, publisher: publisher)
    (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let stored = try store.registrations()
    publisher.registrations { for registration in stored { $0.put(registration, until: nil) } }
  }

  /// Begins the time of those that were stored: from now on they can renew themselves.
  package func begin() {
    publisher.registrations { [now = elapsed()] in $0.begin(at: now) }
    signal.yield()
  }

  /// Removes what was not renewed in time, until graceful shutdown.
  package func run() async throws {
    for await _ in signals.cancelOnGracefulShutdown() {
      expire()
      setAlarm()
    }
    alarm.withLock { $0.sleep?.cancel() }
  }

  /// Registers an instance or renews it: from now on it lives for its ttl.
  ///
  /// - Throws: `StoreUnavailable`; then what was registered before goes on.
  package func put(_ registration: Registration) async throws -> RegistrationOutcome {
    let isRenewed = publisher.registrations { [now = elapsed()] in
      $0.renew(registration, until: now + registration.ttl.duration)
    }
    if isRenewed { return .renewed }
    let outcome = try await queue.store(.put(registration), elapsed: elapsed)
    signal.yield()
    return outcome
  }

  /// Takes an instance out.
  ///
  /// - Returns: Whether it was registered.
  /// - Throws: `StoreUnavailable`; then it stays until it expires.
  package func remove(_ key: Registration.Key) async throws -> Bool {
    guard self[key] != nil else { return false }
    return try await queue.store(.remove(key), elapsed: elapsed) == .removed
  }

  /// How many wait to be stored.
  var waiting: Int { queue.count }

  /// What an edit would change for any proxy; nothing is done.
  package func changes(by edit: RegistrationEdit) -> ResourceChanges {
    publisher.changes(by: edit)
  }

  /// Removes what was not renewed in time.
  func expire() {
    let expired = publisher.registrations { [now = elapsed()] in $0.removeExpired(at: now) }
    if expired.isEmpty { return }
    logger.info("Registrations expired", metadata: ["count": "\(expired.count)"])
    queue.forget(expired, elapsed: elapsed)
  }

  private func setAlarm() {
    let deadline = publisher.registrations { $0.nextDeadline }
    alarm.withLock { alarm in
      if deadline == alarm.deadline, deadline != nil { return }
      alarm.sleep?.cancel()
      alarm.deadline = deadline
      alarm.sleep = deadline.map { deadline in
        let time = max(deadline, elapsed() + Self.granularity)
        return Task { [sleep, signal, weak self] in
          guard (try? await sleep(time)) != nil else { return }
          self?.alarm.withLock { $0.deadline = nil }
          signal.yield()
        }
      }
    }
  }
}

// What is registered.
extension Registrations {
  /// An instance and how long it lives if it is not renewed.
  package struct Instance: Hashable, Sendable {
    package var registration: Registration
    package var remaining: Duration
  }

  /// The instances of a service, by their endpoints' ids.
  package func instances(of service: String) -> [String: Instance] {
    let now = elapsed()
    let entries = publisher.registrations { $0.services[service] } ?? [:]
    return entries.mapValues { Instance($0, at: now) }
  }

  /// One instance; nil if it is not registered.
  package subscript(key: Registration.Key) -> Instance? {
    let now = elapsed()
    return publisher.registrations { $0[key] }.map { Instance($0, at: now) }
  }
}

extension Registrations.Instance {
  fileprivate init(_ entry: RegistrationTable.Entry, at now: Duration) {
    registration = entry.registration
    remaining = max(.zero, entry.deadline.map { $0 - now } ?? registration.ttl.duration)
  }
}
