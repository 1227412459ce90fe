import HashTreeCollections
import Hummingbird
import Model
import Publisher
import Store

/// The operations on the objects of one kind.
struct ObjectRoutes: Sendable {
  let kind: ObjectKind
  let store: ConfigStore

  private var collection: String { "/\(kind.section)" }
  private var item: String { "\(collection)/{name}" }

  var operations: [Operation] {
    [
      Operation(
        .get,
        collection,
        parameters: Page.parameters.union(["label", "at"]),
        handler: list
      ),
      Operation(.post, collection, body: .required([.json]), handler: create),
      Operation(.get, item, parameters: ["at"], handler: read),
      Operation(.put, item, body: .required([.json]), handler: replace),
      Operation(.patch, item, body: .required([.mergePatch, .json]), handler: patch),
      Operation(.delete, item, body: .none, handler: delete),
    ]
  }

  private func key(of call: Call) -> ObjectKey { ObjectKey(kind, call.path("name")) }

  private func notFound(_ key: ObjectKey) -> Problem { .notFound("\(kind)", key.name) }

  private func list(_ call: Call) async throws -> Response {
    let number = try store.number(for: call)
    let (items, last) = try await store.page(
      Page(call.query),
      of: kind,
      LabelSelector(call.query),
      at: number
    )
    return Response(page: items, last: last, of: collection, to: call, revision: number)
  }

  private func read(_ call: Call) async throws -> Response {
    let key = key(of: call)
    let head = try await store.head(for: call, .object(key))
    try head.checkReadable { $0 == key }
    return try answer(key, in: head, to: call)
  }

  private func answer<Compiled>(
    _ key: ObjectKey,
    in head: Head<Compiled>,
    isNew: Bool = false,
    to call: Call
  ) throws -> Response {
    guard let value = head.json(of: key) else { throw notFound(key) }
    return Response(
      isNew ? .created : .ok,
      value,
      to: call,
      revision: head.revision.number,
      tag: head.tag(of: key),
      location: isNew ? "\(collection)/\(key.name)" : nil
    )
  }
}

extension ObjectRoutes {
  private func create(_ call: Call) async throws -> Response {
    let (key, object) = try ConfigObject.named(kind, from: call.content)
    let result = try await store.write(call, about: key) { head, precondition in
      guard !head.has(key) else {
        throw Problem.exists("\(key.kind)", key.name, at: key.pointer)
      }
      try precondition.check([])
      return [(key, object)]
    }
    return try answer(key, in: result.head, isNew: true, to: call)
  }

  private func replace(_ call: Call) async throws -> Response {
    let key = key(of: call)
    let object = try ConfigObject(key, from: call.content)
    let result = try await store.write(call, about: key) { head, precondition in
      try precondition.check(head.tags(of: key))
      return [(key, object)]
    }
    let created = result.head.stamps[key]?.created.revision
    let isNew = !result.change.isEmpty && created == result.head.revision.number
    return try answer(key, in: result.head, isNew: isNew, to: call)
  }

  private func patch(_ call: Call) async throws -> Response {
    let key = key(of: call)
    let result = try await store.write(call, about: key) { [notFound] head, precondition in
      try head.checkReadable { $0 == key }
      guard let object = head.document[key] else { throw notFound(key) }
      try precondition.check(head.tags(of: key))
      return [(key, try ConfigObject(key, from: object.json.merging(call.content)))]
    }
    return try answer(key, in: result.head, to: call)
  }

  private func delete(_ call: Call) async throws -> Response {
    let key = key(of: call)
    let result = try await store.write(call) { [notFound] head, precondition in
      guard head.has(key) else { throw notFound(key) }
      try precondition.check(head.tags(of: key))
      return [(key, nil)]
    }
    return .deleted(revision: result.head.revision.number)
  }
}
