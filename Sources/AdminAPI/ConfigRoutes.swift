import Hummingbird
import Model
import Publisher
import Store

/// The operations on the document as a whole.
struct ConfigRoutes: Sendable {
  let store: ConfigStore

  private static let formats: [MediaType] = [.json, .yaml]

  var operations: [Operation] {
    [
      Operation(.get, "/config", parameters: ["at"], answers: Self.formats, handler: read),
      Operation(
        .put,
        "/config",
        parameters: ["prune"],
        body: .required(Self.formats),
        answers: Self.formats,
        handler: replace
      ),
      Operation(
        .patch,
        "/config",
        body: .required([.mergePatch] + Self.formats),
        answers: Self.formats,
        handler: patch
      ),
    ]
  }

  private func read(_ call: Call) async throws -> Response {
    let head = try await store.head(for: call, .all)
    try head.checkReadable()
    let number = head.revision.number
    let tag = head.tag(in: call.answerFormat)
    let tags = head.tags(in: call.answerFormat)
    let answer = try call.reply(tagged: tag, among: tags, revision: number) {
      Reply(.ok, head.document.json, to: call, revision: number, tag: tag)
    }
    return Response(answer)
  }

  private func replace(_ call: Call) async throws -> Response {
    let prune = call.query[.prune] ?? true
    let sections = try DocumentSections(call.content)
    return try await write(call) { head in
      head.document.edits(replacing: sections, prune: prune)
    }
  }

  private func patch(_ call: Call) async throws -> Response {
    try await write(call) { head in
      let edits = try head.document.edits(patching: call.content)
      let patched = Set(edits.filter { $0.value != nil }.map(\.key))
      try head.checkReadable(patched.contains)
      return edits
    }
  }

  private func write(
    _ call: Call,
    edit: @escaping @Sendable (ConfigHead) throws -> [ObjectEdit]
  ) async throws -> Response {
    let write = DocumentWrite { head, precondition in
      // What makes no sense is told as that, on whatever state.
      let edits = try edit(head)
      try precondition.check(head.tags(in: call.answerFormat))
      return edits
    } reply: { result in
      Self.reply(result, to: call)
    }
    return try await store.answer(call, write)
  }

  /// What a write did, rather than the document: the answer costs what the change does.
  private static func reply(_ result: ConfigWriteResult, to call: Call) -> Reply {
    let done: JSONValue = [
      "revision": .integer(Int64(result.head.revision.number)),
      "changes": .array(result.change.objects.map(\.summary)),
    ]
    return Reply(
      .ok,
      done.merging(result.warnings),
      to: call,
      revision: result.head.revision.number,
      tag: result.head.tag(in: call.answerFormat)
    )
  }
}

extension Head {
  /// The entity tag of the document in a format: the revision, and the format if it is not JSON.
  fileprivate func tag(in format: MediaType) -> String {
    format == .yaml ? "\"\(revision.number)-yaml\"" : "\"\(revision.number)\""
  }

  /// The document's tags in every format, for preconditions: they stand for the same state.
  func tags(in format: MediaType) -> [String] {
    [tag(in: format), tag(in: format == .yaml ? .json : .yaml)]
  }
}
