import Hummingbird
import Model
import Publisher
import Store

/// The operations on the endpoints of a service, each one an edit of the service.
struct EndpointRoutes: Sendable {
  let store: ConfigStore
  let registrations: Registrations

  private var collection: String { "/services/{name}/endpoints" }
  private var item: String { "\(collection)/{id}" }

  var operations: [Operation] {
    [
      Operation(.get, collection, parameters: Page.parameters.union(["at"]), handler: list),
      Operation(.post, collection, body: .required([.json]), handler: create),
      Operation(.get, item, parameters: ["at"], handler: read),
      Operation(.put, item, body: .required([.json]), handler: replace),
      Operation(.patch, item, body: .required([.mergePatch, .json]), handler: patch),
      Operation(.delete, item, body: .none, handler: delete),
    ]
  }

  private func list(_ call: Call) async throws -> Response {
    let page = Page(call.query)
    let place = EndpointPlace(call)
    let head = try await store.head(for: call, .object(place.service))
    let service = try head.service(at: place)
    let endpoints = Dictionary(service.endpoints.map { ($0.id, $0) }) { $1 }
    let instances = registrations.instances(of: place.service.name)
    let ids = Set(endpoints.keys).union(instances.keys).sorted()
    let (items, last) = page.items(of: ids) { id in
      // What is registered for an endpoint of the document is of no effect.
      endpoints[id]?.answer ?? instances[id]?.answer
    }
    return Response(
      page: items,
      last: last,
      of: "/services/\(place.service.name)/endpoints",
      to: call,
      revision: head.revision.number
    )
  }

  private func read(_ call: Call) async throws -> Response {
    let place = EndpointPlace(call)
    let head = try await store.head(for: call, .object(place.service))
    return try answer(place, in: head, to: call)
  }

  private func answer<Compiled>(
    _ place: EndpointPlace,
    in head: Head<Compiled>,
    isNew: Bool = false,
    to call: Call
  ) throws -> Response {
    Response(
      isNew ? .created : .ok,
      try head.endpoint(at: place).answer,
      to: call,
      revision: head.revision.number,
      tag: head.tag(of: place.service),
      location: isNew ? place.path : nil
    )
  }
}

extension EndpointRoutes {
  private func create(_ call: Call) async throws -> Response {
    let endpoint = try Endpoint(from: call.content)
    var place = EndpointPlace(call)
    place.id = endpoint.id
    let result = try await store.write(call, about: place.service) { [place] head, precondition in
      let service = try head.service(at: place)
      guard service.endpoint(id: place.id) == nil else {
        throw Problem.exists("endpoint", place.id, at: place.service.pointer + "/endpoints")
      }
      try precondition.check([])
      return [(place.service, .service(service.with(endpoint)))]
    }
    return try answer(place, in: result.head, isNew: true, to: call)
  }

  private func replace(_ call: Call) async throws -> Response {
    let place = EndpointPlace(call)
    let endpoint = try Endpoint(at: place, from: call.content)
    let result = try await store.write(call, about: place.service) { head, precondition in
      let service = try head.service(at: place)
      let exists = service.endpoint(id: place.id) != nil
      try precondition.check(exists ? head.tags(of: place.service) : [])
      return [(place.service, .service(service.with(endpoint)))]
    }
    let before = result.change.edits[place.service]?.before?.service
    let isNew = before.map { $0.endpoint(id: place.id) == nil } ?? false
    return try answer(place, in: result.head, isNew: isNew, to: call)
  }

  private func patch(_ call: Call) async throws -> Response {
    let place = EndpointPlace(call)
    let result = try await store.write(call, about: place.service) { head, precondition in
      let endpoint = try head.endpoint(at: place)
      try precondition.check(head.tags(of: place.service))
      let patched = try Endpoint(at: place, from: endpoint.json.merging(call.content))
      return [(place.service, .service(try head.service(at: place).with(patched)))]
    }
    return try answer(place, in: result.head, to: call)
  }

  private func delete(_ call: Call) async throws -> Response {
    let place = EndpointPlace(call)
    let result = try await store.write(call) { head, precondition in
      _ = try head.endpoint(at: place)
      try precondition.check(head.tags(of: place.service))
      let service = try head.service(at: place)
      return [(place.service, .service(service.without(endpoint: place.id)))]
    }
    return .deleted(revision: result.head.revision.number)
  }
}
