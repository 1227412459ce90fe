import Hummingbird
import Model
import Publisher
import Store

/// The operations on what was committed.
struct RevisionRoutes: Sendable {
  let store: ConfigStore

  var operations: [Operation] {
    [
      Operation(.get, "/revisions", parameters: Page.parameters, handler: list),
      Operation(.get, "/revisions/{number}", handler: read),
      Operation(.post, "/revisions/{number}/rollback", body: .none, handler: rollBack),
      Operation(.post, "/revisions/{number}/revert", body: .none, handler: revert),
    ]
  }

  private func list(_ call: Call) async throws -> Response {
    let page = Page(call.query)
    let head = page.revision ?? store.head.revision.number
    // One more than asked for tells whether there is a next page.
    let found = try await store.revisions(
      before: try page.afterNumber() ?? head + 1,
      limit: page.size + 1
    )
    let shown = found.prefix(page.size)
    let last = found.count > page.size ? shown.last.map { "\($0.revision.number)" } : nil
    return Response(
      page: shown.map(\.json),
      last: last,
      of: "/revisions",
      to: call,
      revision: head
    )
  }

  private func read(_ call: Call) async throws -> Response {
    let number = try call.number()
    guard let detail = try await store.revision(number) else { throw Self.noSuchRevision(call) }
    return Response(.ok, detail.json, to: call, revision: number)
  }

  private static func noSuchRevision(_ call: Call) -> Problem {
    .noSuchRevision(call.path("number"))
  }
}

extension RevisionRoutes {
  private func rollBack(_ call: Call) async throws -> Response {
    let number = try call.number()
    return try await restore(call, as: .rollback(of: number)) { [store] head in
      try store.edits(to: number, from: head)
    }
  }

  private func revert(_ call: Call) async throws -> Response {
    let number = try call.number()
    let message = "Revert revision \(number)."
    return try await restore(call, as: .change, message: message) { [store] head in
      try store.edits(undoing: number, from: head)
    }
  }

  /// Writes edits that history tells, which are nil if it has no such revision.
  private func restore(
    _ call: Call,
    as kind: Revision.Kind,
    message: String? = nil,
    edits: @escaping @Sendable (ConfigHead) throws -> [ObjectEdit]?
  ) async throws -> Response {
    let write = DocumentWrite(kind: kind, message: message) { head, precondition in
      try precondition.check(head.tags(in: .json))
      guard let edits = try edits(head) else { throw Self.noSuchRevision(call) }
      return edits
    } reply: { result in
      Self.reply(result, to: call)
    }
    return try await store.answer(call, write)
  }

  /// The new revision, or the newest one with no changes if nothing was to be done.
  private static func reply(_ result: ConfigWriteResult, to call: Call) -> Reply {
    let revision = result.head.revision
    let isNew = revision.number != result.base.revision.number
    return Reply(
      isNew ? .created : .ok,
      revision.json(with: result.change).merging(result.warnings),
      to: call,
      revision: revision.number,
      location: isNew ? "/revisions/\(revision.number)" : nil
    )
  }
}
