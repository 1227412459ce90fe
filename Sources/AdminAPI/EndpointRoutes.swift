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
    // They are of no revision.
    let isPast = call.query["at"] != nil
    let instances = isPast ? [:] : registrations.instances(of: place.service.name)
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
    _ = try head.endpoint(at: place)
    guard let tag = head.tag(of: place.service) else {
      throw Problem.notFound("service", place.service.name)
    }
    let answer = try call.reply(tagged: tag, revision: head.revision.number) {
      try reply(place, in: head, to: call)
    }
    return Response(answer)
  }

  private func reply(
    _ place: EndpointPlace,
    in head: ConfigHead,
    isNew: Bool = false,
    to call: Call
  ) throws -> Reply {
    Reply(
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
    // Faults of the body are thrown where their answer is kept.
    let new = Result { try Endpoint(from: call.content) }
    var place = EndpointPlace(call)
    place.id = (try? new.get().id) ?? place.id
    let write = DocumentWrite(key: place.service) { [place] head, precondition in
      let service = try head.service(at: place)
      guard try service.endpoint(id: new.get().id) == nil else {
        throw Problem.exists("endpoint", place.id, at: place.service.pointer + "/endpoints")
      }
      try precondition.check([])
      return [(place.service, .service(service.with(try new.get())))]
    } reply: { [place] result in
      try reply(place, in: result.head, isNew: true, to: call)
    }
    return try await store.answer(call, write)
  }

  private func replace(_ call: Call) async throws -> Response {
    let place = EndpointPlace(call)
    let endpoint = try Endpoint(at: place, from: call.content)
    let write = DocumentWrite(key: place.service) { head, precondition in
      let service = try head.service(at: place)
      let exists = service.endpoint(id: place.id) != nil
      try precondition.check(exists ? head.tags(of: place.service) : [])
      return [(place.service, .service(service.with(endpoint)))]
    } reply: { result in
      let isNew = try result.base.service(at: place).endpoint(id: place.id) == nil
      return try reply(place, in: result.head, isNew: isNew, to: call)
    }
    return try await store.answer(call, write)
  }

  private func patch(_ call: Call) async throws -> Response {
    let place = EndpointPlace(call)
    let write = DocumentWrite(key: place.service) { head, precondition in
      let endpoint = try head.endpoint(at: place)
      let patched = try Endpoint(at: place, from: endpoint.json.merging(call.content))
      try precondition.check(head.tags(of: place.service))
      return [(place.service, .service(try head.service(at: place).with(patched)))]
    } reply: { result in
      try reply(place, in: result.head, to: call)
    }
    return try await store.answer(call, write)
  }

  private func delete(_ call: Call) async throws -> Response {
    let place = EndpointPlace(call)
    let write = DocumentWrite { head, precondition in
      _ = try head.endpoint(at: place)
      try precondition.check(head.tags(of: place.service))
      let service = try head.service(at: place)
      return [(place.service, .service(service.without(endpoint: place.id)))]
    } reply: { result in
      .deleted(revision: result.head.revision.number)
    }
    return try await store.answer(call, write)
  }
}
