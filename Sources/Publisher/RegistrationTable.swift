import Model
import Store

/// The instances that are registered now.
///
/// A value that knows no clock: times are since any common moment.
struct RegistrationTable: Sendable {
  /// One registration and how long it lives.
  struct Entry: Sendable {
    var registration: Registration
    /// nil until the time to renew it begins.
    var deadline: Duration?
  }

  private(set) var services: [String: [String: Entry]] = [:]
  /// The services whose registered endpoints changed since that was asked last.
  private(set) var touched: Set<String> = []

  var isEmpty: Bool { services.isEmpty }

  /// The first deadline; costs the number of registrations, as `removeExpired` does.
  var nextDeadline: Duration? {
    services.values.lazy.flatMap(\.values).compactMap(\.deadline).min()
  }

  subscript(key: Registration.Key) -> Entry? { services[key.service]?[key.id] }

  /// The registered endpoints of a service, in no order.
  func endpoints(of service: String) -> [Endpoint] {
    services[service]?.values.map(\.registration.endpoint) ?? []
  }

  /// Tells which services were touched, once.
  mutating func takeTouched() -> Set<String> {
    defer { touched = [] }
    return touched
  }

  /// Lets a registration live until then.
  ///
  /// - Returns: Whether it was there, exactly so; if not, nothing is done.
  mutating func renew(_ registration: Registration, until deadline: Duration) -> Bool {
    guard let entry = self[registration.key], entry.registration == registration else {
      return false
    }
    services[registration.service]?[registration.endpoint.id]?.deadline = deadline
    return true
  }

  /// - Returns: Whether it is new.
  @discardableResult
  mutating func put(_ registration: Registration, until deadline: Duration?) -> Bool {
    let key = registration.key
    let entry = Entry(registration: registration, deadline: deadline)
    let former = services[key.service, default: [:]].updateValue(entry, forKey: key.id)
    if former?.registration.endpoint != registration.endpoint { touched.insert(key.service) }
    return former == nil
  }

  /// - Returns: Whether it was there.
  @discardableResult
  mutating func remove(_ key: Registration.Key) -> Bool {
    guard services[key.service]?.removeValue(forKey: key.id) != nil else { return false }
    if services[key.service]?.isEmpty == true { services[key.service] = nil }
    touched.insert(key.service)
    return true
  }

  /// The registrations of one service.
  func only(_ service: String) -> RegistrationTable {
    var table = RegistrationTable()
    table.services[service] = services[service]
    return table
  }

  /// Removes all registrations of a service.
  mutating func remove(service: String) {
    if services.removeValue(forKey: service) != nil { touched.insert(service) }
  }

  /// Gives those that have no deadline all of their time.
  mutating func begin(at now: Duration) {
    for (service, entries) in services {
      for (id, entry) in entries where entry.deadline == nil {
        services[service]?[id]?.deadline = now + entry.registration.ttl.duration
      }
    }
  }

  /// - Returns: What was not renewed in time, and is removed.
  mutating func removeExpired(at now: Duration) -> Set<Registration.Key> {
    var expired: Set<Registration.Key> = []
    for entry in services.values.lazy.flatMap(\.values) {
      if let deadline = entry.deadline, deadline <= now { expired.insert(entry.registration.key) }
    }
    for key in expired { remove(key) }
    return expired
  }
}

extension TimeSpan {
  var duration: Duration { .milliseconds(milliseconds) }
}
