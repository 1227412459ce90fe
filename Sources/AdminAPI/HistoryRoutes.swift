import Hummingbird
import Model
import Publisher
import Store

/// The operations on what became of objects over the revisions.
struct HistoryRoutes: Sendable {
  let store: ConfigStore

  var operations: [Operation] {
    [
      Operation(
        .get,
        "/revisions/{number}/diff",
        parameters: ["from"],
        handler: differences
      )
    ] + ObjectKind.allCases.map(history)
  }

  private func differences(_ call: Call) async throws -> Response {
    let to = try call.number()
    // The document before the first revision is empty, and has the number 0.
    let from = call.query["from"].flatMap(RevisionNumber.parse) ?? max(to - 1, 0)
    let newest = store.head.revision.number
    guard to >= 1, to <= newest else { throw Problem.noSuchRevision(call.path("number")) }
    guard let entries = try await store.differences(from: from, to: to) else {
      throw Problem.noSuchRevision(call.query["from"] ?? "\(from)")
    }
    return Response(
      .ok,
      [
        "from": .integer(Int64(from)),
        "to": .integer(Int64(to)),
        "changes": .array(entries.map { ObjectChange($0).withPatch }),
      ],
      to: call,
      revision: to
    )
  }

  private func history(of kind: ObjectKind) -> Operation {
    Operation(
      .get,
      "/\(kind.section)/{name}/revisions",
      parameters: Page.parameters
    ) { [store] call in
      let page = Page(call.query)
      let key = ObjectKey(kind, call.path("name"))
      let newest = page.revision ?? store.head.revision.number
      // One more than asked for tells whether there is a next page.
      let found = try await store.history(
        of: key,
        before: page.afterNumber() ?? newest + 1,
        limit: page.size + 1
      )
      guard let found else { throw Problem.notFound("\(kind)", key.name) }
      let shown = found.prefix(page.size)
      return Response(
        page: shown.map(\.json),
        last: found.count > page.size ? shown.last.map { "\($0.revision.number)" } : nil,
        of: "/\(kind.section)/\(key.name)/revisions",
        to: call,
        revision: newest
      )
    }
  }
}
