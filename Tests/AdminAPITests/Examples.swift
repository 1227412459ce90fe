import Foundation
import HTTPTypes
import Model
import Publisher
import Store
import Testing

/// An example of the description.
struct Example: Sendable {
  var name: String
  var value: JSONValue
  /// Whether it shows a part only, as its summary says.
  var isExcerpt: Bool
}

extension Description {
  /// The examples of a media type.
  func examples(of media: JSONValue) -> [Example] {
    (media["examples"]?.members ?? [:]).sorted { $0.key < $1.key }.map { name, example in
      let example = resolved(example)
      return Example(
        name: name,
        value: example["value"] ?? .null,
        isExcerpt: example["summary"]?.string?.hasPrefix("An excerpt") == true
      )
    }
  }

  /// An example of a parameter or a header: its own, or one of its schema.
  func example(of parameter: JSONValue) -> JSONValue? {
    if let example = parameter["example"] { return example }
    guard let schema = parameter["schema"].map(resolved) else { return nil }
    return schema["examples"]?.elements.first
  }

  subscript(operation id: String) -> Operation? {
    operations.first { $0.value["operationId"]?.string == id }
  }
}

extension Description.Operation {
  var name: String { "\(method) \(path)" }

  var id: String { value["operationId"]?.string ?? "" }

  /// What it takes and gives, by media type.
  var requests: [String: JSONValue] { value["requestBody"]?["content"]?.members ?? [:] }

  var responses: [(status: Int, response: JSONValue)] {
    (value["responses"]?.members ?? [:]).compactMap { status, response in
      Int(status).map { ($0, Description.shared.resolved(response)) }
    }
  }

  /// The media types of its answers, when nothing is wrong.
  var answerTypes: [String?] {
    let types = responses.filter { $0.status < 300 && $0.status != 202 }
      .flatMap { ($0.response["content"]?.members ?? [:]).keys }
    return types.isEmpty ? [nil] : Set(types).sorted()
  }

  /// Its path, with the examples of the path's parameters.
  var examplePath: String {
    parameters.filter { $0["in"] == "path" }.reduce(path) { path, parameter in
      let example = Description.shared.example(of: parameter)
      return path.replacing("{\(parameter["name"]?.string ?? "")}", with: example?.plain ?? "")
    }
  }

  /// The examples of what it answers so.
  func examples(of status: Int, in type: String) -> [Example] {
    let response = responses.first { $0.status == status }?.response
    return (response?["content"]?[type]).map(Description.shared.examples) ?? []
  }
}

/// One call of an operation by its examples.
struct ExampleCall: Sendable {
  var operation: Description.Operation
  /// The body, and the media type that it is in.
  var body: (type: String, value: JSONValue)?
  /// The media type that is asked for; nil if there is no body to expect.
  var accept: String?

  /// Each example of a body in each of its media types, and each media type of the answer.
  static func all(of operation: Description.Operation) -> [ExampleCall] {
    let bodies = operation.requests.flatMap { type, media in
      Description.shared.examples(of: media).map { (type: type, value: $0.value) }
    }
    let calls =
      bodies.isEmpty
      ? [ExampleCall(operation: operation)]
      : bodies.map { ExampleCall(operation: operation, body: $0) }
    return calls.flatMap { call in
      operation.answerTypes.map { type in
        var call = call
        call.accept = type
        return call
      }
    }
  }

  /// The operations whose examples make what the others' examples name, in their order.
  private static let preparation = ["putConfig", "patchRoute", "createToken", "putRegistration"]

  /// Serves what the examples name, short of what its own operation makes: a proxy is connected, and
  /// all calls are those of the token `alice`.
  static func serve(
    for operation: Description.Operation?,
    _ body: @Sendable (API, HTTPFields) async throws -> Void
  ) async throws {
    try await API.serve(requiresAuthentication: true) { api in
      let alice = try await api.makeToken("alice", .admin)
      FakeProxy(api, "envoy-1").accept()
      for id in preparation.prefix(while: { $0 != operation?.id }) {
        let step = try #require(Description.shared[operation: id].flatMap { all(of: $0).first })
        let answer = try await step.send(to: api, headers: alice)
        #expect(answer.status < 300, "\(id): \(answer.text)")
      }
      await api.proxies.catchUp()
      try await body(api, alice)
    }
  }

  func send(to api: API, query: String = "", headers: HTTPFields) async throws -> Answer {
    var headers = headers
    headers[.accept] = accept
    headers[.contentType] = body?.type
    let text = body.map { $0.type.hasSuffix("yaml") ? Array($0.value.yaml.utf8) : $0.value.bytes() }
    return try await api.send(
      HTTPRequest.Method(operation.method) ?? .get,
      operation.examplePath + query,
      bytes: text,
      headers: headers
    )
  }
}

extension JSONValue {
  /// A scalar as a URL or a header has it; the first of several.
  var plain: String {
    switch self {
    case .string(let string): string
    case .array(let elements): elements.first?.plain ?? ""
    default: text
    }
  }

  fileprivate func bytes() -> [UInt8] { Array(bytes(pretty: false)) }

  /// The value with all that is another each time put to the same: times, ids and secrets.
  var settled: JSONValue {
    switch self {
    case .object(let members):
      .object(
        members.merging(["request_id", "token"].filter { members[$0] != nil }.map { ($0, "…") }) {
          $1
        }.mapValues(\.settled)
      )
    case .array(let elements): .array(elements.map(\.settled))
    case .string(let string) where string.contains(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/): "…"
    default: self
    }
  }
}
