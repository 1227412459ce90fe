import HTTPTypes
import Hummingbird
import Model
import Store

/// One operation of the API, and what it takes: all else is refused before its handler runs.
struct Operation: Sendable {
  typealias Handler = @Sendable (Call) async throws -> Response

  /// What the body of a request may be.
  enum Body: Sendable {
    /// Nobody looks at it, as with GET.
    case ignored
    /// It is absent, or says nothing.
    case none
    /// It may be absent.
    case optional(MediaType)
    case required([MediaType])
  }

  let method: HTTPRequest.Method
  /// The path, its parameters in braces.
  let path: String
  /// What it takes to call it; nil lets anybody, also where all else takes a token.
  let role: Role?
  /// The parameters that the query may have.
  let parameters: Set<String>
  let body: Body
  /// The formats of the answer.
  let answers: [MediaType]
  private let handler: Handler

  init(
    _ method: HTTPRequest.Method,
    _ path: String,
    role: Role?,
    parameters: Set<String> = [],
    body: Body = .ignored,
    answers: [MediaType] = [.json],
    handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.role = role
    self.parameters = parameters
    self.body = body
    self.answers = answers
    self.handler = handler
  }

  /// An operation that takes the role of an editor if it writes, and else that of a viewer.
  init(
    _ method: HTTPRequest.Method,
    _ path: String,
    parameters: Set<String> = [],
    body: Body = .ignored,
    answers: [MediaType] = [.json],
    handler: @escaping Handler
  ) {
    self.init(
      method,
      path,
      role: method == .get ? .viewer : .editor,
      parameters: parameters,
      body: body,
      answers: answers,
      handler: handler
    )
  }

  /// The same operation with more parameters that the query may have.
  func taking(_ more: Set<String>) -> Operation {
    Operation(
      method,
      path,
      role: role,
      parameters: parameters.union(more),
      body: body,
      answers: answers,
      handler: handler
    )
  }

  /// The same operation with a step after its handler, if that does not fail.
  func followed(by step: @escaping @Sendable (Response, Call) async -> Response) -> Operation {
    let handler = handler
    return Operation(
      method,
      path,
      role: role,
      parameters: parameters,
      body: body,
      answers: answers
    ) { call in
      await step(try await handler(call), call)
    }
  }

  /// - Throws: A problem if the principal's role is too little, or if nobody found out who it is.
  func admit(_ principal: Principal?) throws {
    guard let role else { return }
    guard let principal else {
      throw Problem(.unauthenticated, "It is not known on whose behalf this call is made.")
    }
    if principal.role < role { throw Problem.forbidden(principal, without: role) }
  }

  func answer(_ request: Request, _ context: AdminContext) async throws -> Response {
    let query = try Query(request.uri.query)
    let path = try Self.decoded(context.parameters)
    let place = place(path)
    try query.check(known: parameters, of: place)
    let call = Call(
      method: method,
      place: place,
      requestID: context.requestID,
      headers: request.headers,
      path: path,
      query: query,
      content: try await content(of: request),
      answerFormat: try answerFormat(of: request),
      departure: context.departure,
      author: context.principal?.name ?? Principal.anonymous.name
    )
    return try await handler(call)
  }

  /// The operation's path with its parameters filled in.
  private func place(_ parameters: [String: String]) -> String {
    parameters.reduce(path) { $0.replacing("{\($1.key)}", with: $1.value) }
  }

  private static func decoded(_ parameters: Parameters) throws -> [String: String] {
    var decoded: [String: String] = [:]
    for (name, text) in parameters {
      guard let value = PercentEncoding.decode(text) else {
        throw Problem(.malformedRequest, "The path is not percent-encoded UTF-8.")
      }
      decoded[String(name)] = value
    }
    return decoded
  }

  private func answerFormat(of request: Request) throws -> MediaType {
    if let best = answers.best(for: request.headers[.accept]) { return best }
    let names = answers.map(\.name).joined(separator: ", ")
    throw Problem(.notAcceptable, "The answer can be in: \(names).")
  }
}

extension Operation {
  /// The body as a value; null where the operation takes none, and an object without members where
  /// one that it may have is absent.
  private func content(of request: Request) async throws -> JSONValue {
    switch body {
    case .ignored: return .null
    case .none:
      let bytes = try await request.body.collect(upTo: .max)
      guard request.headers.contains(.contentType) || bytes.readableBytes > 0 else { return .null }
      let format = try format(of: request, among: [.json])
      guard bytes.readableBytes > 0 else { return .null }
      try Self.checkEmpty(try JSONValue(bytes.readableBytesView, in: format))
      return .null
    case .optional(let format):
      let bytes = try await request.body.collect(upTo: .max)
      guard request.headers.contains(.contentType) || bytes.readableBytes > 0 else { return [:] }
      let format = try self.format(of: request, among: [format])
      guard bytes.readableBytes > 0 else { return [:] }
      return try JSONValue(bytes.readableBytesView, in: format)
    case .required(let formats):
      let bytes = try await request.body.collect(upTo: .max)
      let format = try format(of: request, among: formats)
      guard bytes.readableBytes > 0 else {
        throw Problem(.malformedBody, "The body is empty. It must be \(formats[0].name).")
      }
      return try JSONValue(bytes.readableBytesView, in: format)
    }
  }

  private static func checkEmpty(_ value: JSONValue) throws {
    if value == [:] { return }
    throw Problem(invalid: [.init(.pointer(""), .notApplicable, "This call takes no body.")])
  }

  private func format(of request: Request, among formats: [MediaType]) throws -> MediaType {
    let encoding = request.headers[.contentEncoding]?.lowercased() ?? "identity"
    guard encoding == "identity" else {
      throw Problem(.unsupportedMediaType, "Send the body without Content-Encoding.")
    }
    let type = request.headers[.contentType] ?? ""
    if let format = formats.format(of: type) { return format }
    let names = formats.map(\.name).joined(separator: " or ")
    throw Problem(
      .unsupportedMediaType,
      "The body must be \(names) in UTF-8. Say so: -H 'Content-Type: application/json'."
    )
  }
}

extension JSONValue {
  fileprivate init(_ bytes: some Sequence<UInt8>, in format: MediaType) throws(MalformedText) {
    switch format {
    case .json, .mergePatch, .prometheus, .sqlite: try self.init(json: bytes)
    case .yaml: try self.init(yaml: bytes)
    }
  }
}
