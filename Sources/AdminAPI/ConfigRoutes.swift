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
    return Response(
      .ok,
      head.document.json,
      to: call,
      revision: head.revision.number,
      tag: head.tag(in: call.answerFormat)
    )
  }

  private func replace(_ call: Call) async throws -> Response {
    let prune = try Self.prune(call.query)
    let sections = try DocumentSections(call.content)
    let result = try await store.write(call) { head, precondition in
      try precondition.check(head.tags(in: call.answerFormat))
      return head.document.edits(replacing: sections, prune: prune)
    }
    return answer(result, to: call)
  }

  private static func prune(_ query: Query) throws -> Bool {
    switch query["prune"] {
    case nil, "true": return true
    case "false": return false
    default:
      throw Problem(
        invalid: [.init(.parameter("prune"), .invalidValue, "Must be true or false.")]
      )
    }
  }

  private func patch(_ call: Call) async throws -> Response {
    let result = try await store.write(call) { head, precondition in
      try precondition.check(head.tags(in: call.answerFormat))
      let edits = try head.document.edits(patching: call.content)
      let patched = Set(edits.filter { $0.value != nil }.map(\.key))
      try head.checkReadable(patched.contains)
      return edits
    }
    return answer(result, to: call)
  }

  /// What a write did, rather than the document: the answer costs what the change does.
  private func answer<Compiled>(_ result: WriteResult<Compiled>, to call: Call) -> Response {
    Response(
      .ok,
      [
        "revision": .integer(Int64(result.head.revision.number)),
        "changes": .array(result.change.json),
      ],
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
  fileprivate func tags(in format: MediaType) -> [String] {
    [tag(in: format), tag(in: format == .yaml ? .json : .yaml)]
  }
}
