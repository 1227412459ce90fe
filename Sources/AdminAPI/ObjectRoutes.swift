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
    guard let tag = head.tag(of: key) else { throw notFound(key) }
    let answer = try call.reply(tagged: tag, revision: head.revision.number) {
      try reply(key, in: head, to: call)
    }
    return Response(answer)
  }

  private func reply(
    _ key: ObjectKey,
    in head: ConfigHead,
    isNew: Bool = false,
    warnings: JSONValue = [:],
    to call: Call
  ) throws -> Reply {
    guard let value = head.json(of: key) else { throw notFound(key) }
    return Reply(
      isNew ? .created : .ok,
      value.merging(warnings),
      to: call,
      revision: head.revision.number,
      tag: head.tag(of: key),
      location: isNew ? "\(collection)/\(key.name)" : nil
    )
  }
}

extension ObjectRoutes {
  private func create(_ call: Call) async throws -> Response {
    // Faults of the body are thrown where their answer is kept.
    let named = Result { try ConfigObject.named(kind, from: call.content) }
    let write = DocumentWrite(key: try? named.get().0) { head, precondition in
      let (key, object) = try named.get()
      guard !head.has(key) else {
        throw Problem.exists("\(key.kind)", key.name, at: key.pointer)
      }
      try precondition.check([])
      return [(key, object)]
    } reply: { result in
      try reply(
        named.get().0,
        in: result.head,
        isNew: true,
        warnings: result.warnings,
        to: call
      )
    }
    return try await store.answer(call, write)
  }

  private func replace(_ call: Call) async throws -> Response {
    let key = key(of: call)
    let object = try ConfigObject(key, from: call.content)
    let write = DocumentWrite(key: key) { head, precondition in
      try precondition.check(head.tags(of: key))
      return [(key, object)]
    } reply: { result in
      let isNew = result.base.stamps[key] == nil && result.head.stamps[key] != nil
      return try reply(
        key,
        in: result.head,
        isNew: isNew,
        warnings: result.warnings,
        to: call
      )
    }
    return try await store.answer(call, write)
  }

  private func patch(_ call: Call) async throws -> Response {
    let key = key(of: call)
    let write = DocumentWrite(key: key) { head, precondition in
      try head.checkReadable { $0 == key }
      guard let object = head.document[key] else { throw notFound(key) }
      let patched = try ConfigObject(key, from: object.json.merging(call.content))
      try precondition.check(head.tags(of: key))
      return [(key, patched)]
    } reply: { result in
      try reply(key, in: result.head, warnings: result.warnings, to: call)
    }
    return try await store.answer(call, write)
  }

  private func delete(_ call: Call) async throws -> Response {
    let key = key(of: call)
    let write = DocumentWrite { head, precondition in
      guard head.has(key) else { throw notFound(key) }
      try precondition.check(head.tags(of: key))
      return [(key, nil)]
    } reply: { result in
      .deleted(revision: result.head.revision.number)
    }
    return try await store.answer(call, write)
  }
}
