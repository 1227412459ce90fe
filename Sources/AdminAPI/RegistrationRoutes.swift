import Foundation
import Hummingbird
import Model
import Publisher
import Store

/// The operations by which instances register themselves as endpoints of a service.
///
/// They are no edits of the document: they make no revision, and no entity tag knows of them.
struct RegistrationRoutes: Sendable {
  let store: ConfigStore
  let registrations: Registrations

  private var item: String { "/services/{name}/registrations/{id}" }

  var operations: [Operation] {
    [
      Operation(.get, item, handler: read),
      Operation(
        .put,
        item,
        parameters: ["ttl", Flag.dryRun.rawValue],
        body: .optional(.json),
        handler: put
      ),
      Operation(
        .delete,
        item,
        parameters: [Flag.dryRun.rawValue],
        body: .none,
        handler: delete
      ),
    ]
  }

  private func read(_ call: Call) throws -> Response {
    let place = EndpointPlace(call)
    _ = try store.head.service(at: place)
    return try answer(place, to: call)
  }

  private func put(_ call: Call) async throws -> Response {
    let place = EndpointPlace(call)
    let service = try store.head.service(at: place)
    if service.endpoints.contains(where: \.isNamed) { throw Problem.discoveredByName(place) }
    let registration = try Registration(at: place, ttl: Self.ttl(call.query), from: call.content)
    if call.isDryRun { return plan(.put(registration), for: call) }
    switch try await registrations.put(registration) {
    case .new: return try answer(place, isNew: true, to: call)
    case .renewed: return try answer(place, to: call)
    case .removed, .absent: throw Problem.notFound("service", place.service.name)
    }
  }

  private func delete(_ call: Call) async throws -> Response {
    let place = EndpointPlace(call)
    let head = store.head
    _ = try head.service(at: place)
    if call.isDryRun {
      if registrations[place.registration] == nil { throw place.notRegistered }
      return plan(.remove(place.registration), for: call)
    }
    guard try await registrations.remove(place.registration) else { throw place.notRegistered }
    return .deleted(revision: head.revision.number)
  }

  private func plan(_ edit: RegistrationEdit, for call: Call) -> Response {
    Plan(on: store.head.revision.number, registrations.changes(by: edit)).response(to: call)
  }

  private func answer(
    _ place: EndpointPlace,
    isNew: Bool = false,
    to call: Call
  ) throws -> Response {
    guard let instance = registrations[place.registration] else { throw place.notRegistered }
    return Response(
      isNew ? .created : .ok,
      instance.answer,
      to: call,
      revision: store.head.revision.number,
      location: isNew ? place.registrationPath : nil
    )
  }
}

extension RegistrationRoutes {
  private static let ttls = TimeSpan.seconds(1)...TimeSpan.hours(24)
  private static let defaultTTL = TimeSpan.seconds(30)

  /// - Throws: A problem if it is no duration, or out of bounds.
  private static func ttl(_ query: Query) throws -> TimeSpan {
    guard let text = query["ttl"] else { return defaultTTL }
    guard let ttl = TimeSpan(text) else {
      let detail = "Must be a duration, such as \"30s\" or \"1m30s\"."
      throw Problem(invalid: [.init(.parameter("ttl"), .invalidValue, detail)])
    }
    if ttls.contains(ttl) { return ttl }
    let detail = "Must be from \(ttls.lowerBound) to \(ttls.upperBound)."
    throw Problem(invalid: [.init(.parameter("ttl"), .outOfRange, detail)])
  }
}

extension EndpointPlace {
  fileprivate var registration: Registration.Key { .init(service: service.name, id: id) }

  fileprivate var registrationPath: String {
    "/services/\(service.name)/registrations/\(PercentEncoding.encode(id))"
  }

  fileprivate var notRegistered: Problem { .notFound("registration", id) }
}

extension Registration {
  /// Reads the registration of that place; the body may repeat what an answer says.
  ///
  /// - Throws: Every fault, with pointers into the body.
  fileprivate init(at place: EndpointPlace, ttl: TimeSpan, from body: JSONValue) throws {
    var body = body
    if case .object(var members) = body {
      members["expires_at"] = nil
      let stated = members.removeValue(forKey: "ttl") ?? .null
      if stated != .null, stated != .string(ttl.description) {
        let detail = "Say it in the query (?ttl=30s); there, or by default, it is \(ttl)."
        throw Refusal(.invalid, [Fault("/ttl", .invalidValue, detail)])
      }
      body = .object(members)
    }
    let endpoint = try Endpoint(at: place, from: body)
    if endpoint.isNamed {
      let detail = "Only an IP address can be registered: proxies look up no name for it."
      throw Problem(invalid: [.init(.parameter("id"), .invalidValue, detail)])
    }
    self.init(service: place.service.name, endpoint: endpoint, ttl: ttl)
  }
}

extension Registrations.Instance {
  /// As answers show it: an endpoint that says where it comes from and how long it stays.
  var answer: JSONValue {
    let expiry = Date.now.addingTimeInterval(remaining / .seconds(1))
    return registration.endpoint.answer.merging([
      "source": "registration",
      "ttl": .string(registration.ttl.description),
      "expires_at": .string(
        expiry.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
      ),
    ])
  }
}

extension Problem {
  fileprivate static func discoveredByName(_ place: EndpointPlace) -> Problem {
    let detail = """
      Proxies look up the endpoints of the service "\(place.service.name)" by their names, so that \
      no instance can register itself.
      """
    let pointer = place.service.pointer + "/endpoints"
    return Problem(
      .conflict,
      detail,
      flaws: [Flaw(.pointer(pointer), .notApplicable, detail)]
    )
  }
}
