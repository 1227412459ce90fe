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
    return try await answer(number, to: call)
  }

  private func answer(_ number: Int, isNew: Bool = false, to call: Call) async throws -> Response {
    guard let detail = try await store.revision(number) else { throw Self.noSuchRevision(call) }
    return Response(
      isNew ? .created : .ok,
      detail.json,
      to: call,
      revision: number,
      location: isNew ? "/revisions/\(number)" : nil
    )
  }

  private func rollBack(_ call: Call) async throws -> Response {
    let number = try call.number()
    let result = try await store.write(call, kind: .rollback(of: number)) {
      [store] head, precondition in
      try precondition.check(["\"\(head.revision.number)\"", "\"\(head.revision.number)-yaml\""])
      guard let edits = try store.edits(to: number, from: head) else {
        throw Self.noSuchRevision(call)
      }
      return edits
    }
    let isNew = !result.change.isEmpty
    return try await answer(result.head.revision.number, isNew: isNew, to: call)
  }

  private static func noSuchRevision(_ call: Call) -> Problem {
    .noSuchRevision(call.path("number"))
  }
}
