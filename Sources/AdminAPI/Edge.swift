import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The outermost layer: it reads the body, turns every error into a problem, and gives every
/// answer the headers that all have.
struct Edge: RouterMiddleware {
  let bodyLimit: Int
  let paths: PathTable
  let logger: Logger
  let metrics: RequestMetrics
  /// The number of the newest revision.
  let revision: @Sendable () -> Int

  @concurrent
  func handle(
    _ request: Request,
    context: AdminContext,
    next: @concurrent (Request, AdminContext) async throws -> Response
  ) async throws -> Response {
    if Preferences(request.headers).wait == nil {
      return try await answer(request, request.body, context, next)
    }
    var context = context
    let (departures, departure) = AsyncStream.makeStream(of: Void.self)
    context.departure = departures
    var response = try await request.body.consumeWithInboundCloseHandler { [context] body in
      try await answer(request, body, context, next)
    } onInboundClosed: {
      departure.finish()
    }
    // To see its end, the connection was read beyond the request: it cannot take another one.
    response.headers[.connection] = "close"
    return response
  }

  @concurrent
  private func answer(
    _ request: Request,
    _ body: RequestBody,
    _ context: AdminContext,
    _ next: @concurrent (Request, AdminContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var context = context
    context.requestID = AdminContext.requestID(from: request.headers)
    // Not among what becomes a problem: when a body ends early, nobody is left to be told.
    let expectation = Expectation(of: request.head, bodyLimit: bodyLimit)
    let body = try await body.read(upTo: bodyLimit, expectation)
    var response: Response
    do {
      var request = request
      request.body = RequestBody(buffer: try body.get())
      response = try await next(request, context)
    } catch {
      response = problem(of: error, with: request, context).response(requestID: context.requestID)
    }
    if expectation.isRefused { response.headers[.connection] = "close" }
    response.headers[.requestID] = context.requestID
    if response.headers[.chanceryRevision] == nil {
      response.headers[.chanceryRevision] = "\(revision())"
    }
    metrics.count(request.method, context.endpointPath, response.status, within: .now - start)
    return response
  }

  private func problem(
    of error: any Error,
    with request: Request,
    _ context: AdminContext
  ) -> Problem {
    if let error = error as? HTTPError, error.status == .notFound {
      return paths.problem(with: request)
    }
    let problem = Problem(error) ?? .unforeseen
    if problem.code.status.kind == .serverError, problem.code != .notReady {
      logger.error(
        "Could not answer a request",
        metadata: [
          "request_id": "\(context.requestID)",
          "method": "\(request.method)",
          "path": "\(request.uri.path)",
          "error": "\(String(reflecting: error))",
        ]
      )
    }
    return problem
  }
}

extension RequestBody {
  /// The whole body, or the problem that it is larger.
  ///
  /// Either way it is read to its end, since a client that is still sending may not look for an
  /// answer. One that waits to be asked for a body which is not wanted is told so at once.
  fileprivate func read(
    upTo limit: Int,
    _ expectation: Expectation
  ) async throws -> Result<ByteBuffer, Problem> {
    switch expectation {
    case .none, .invitation: break
    case .invitationInVain: return .failure(.bodyTooLarge(limit))
    case .unknown: return .failure(.expectationFailed)
    }
    var body = ByteBuffer()
    var isTooLarge = false
    for try await var part in self {
      isTooLarge = isTooLarge || part.readableBytes > limit - body.readableBytes
      if isTooLarge { body.clear() } else { body.writeBuffer(&part) }
    }
    return isTooLarge ? .failure(.bodyTooLarge(limit)) : .success(body)
  }
}

extension Problem {
  fileprivate static func bodyTooLarge(_ limit: Int) -> Problem {
    Problem(.bodyTooLarge, "A body may have at most \(limit) bytes.")
  }

  fileprivate static var expectationFailed: Problem {
    Problem(.expectationFailed, "Of what Expect can ask for, there is only 100-continue here.")
  }
}
