import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Store

/// Finds out on whose behalf a request is made, by its bearer token (RFC 6750, section 2.1), and
/// refuses it where one is needed and there is none that holds.
///
/// What the principal may do is the operation's to judge; both refusals are logged here.
struct Authentication: RouterMiddleware {
  let tokens: @Sendable () -> TokenIndex
  /// Needs a token even while there is none.
  let isDemanded: Bool
  /// The paths of operations that anybody may call.
  let openPaths: Set<String>
  let logger: Logger

  @concurrent
  func handle(
    _ request: Request,
    context: AdminContext,
    next: @concurrent (Request, AdminContext) async throws -> Response
  ) async throws -> Response {
    // With a method that the path does not have there is no endpoint: that is 405 for anybody.
    if openPaths.contains(context.endpointPath ?? request.uri.path) {
      return try await next(request, context)
    }
    var context = context
    do {
      context.principal = try principal(of: request)
      return try await next(request, context)
    } catch let problem as Problem
      where problem.code == .unauthenticated || problem.code == .forbidden
    {
      log(problem, request, context)
      throw problem
    }
  }

  private func principal(of request: Request) throws -> Principal {
    let tokens = tokens()
    guard let secret = Self.secret(in: request.headers[.authorization]) else {
      if isDemanded || tokens.isInUse { throw Problem.noToken }
      return .anonymous
    }
    // Also where none is needed: whoever sends a token does not want to be nobody.
    guard let token = tokens.token(of: secret) else { throw Problem.badToken("is not known here") }
    switch token.state(at: Date()) {
    case .active: return Principal(name: token.name, role: token.role)
    case .expired: throw Problem.badToken("\"\(token.name)\" has expired")
    case .revoked: throw Problem.badToken("\"\(token.name)\" was revoked")
    }
  }

  /// nil if there are no credentials, or some of another scheme (RFC 9110, section 11.1: its case
  /// does not matter).
  private static func secret(in field: String?) -> TokenSecret? {
    let parts = field?.split(separator: " ", maxSplits: 1) ?? []
    guard let scheme = parts.first, scheme.lowercased() == "bearer" else { return nil }
    return TokenSecret(parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
  }

  /// Tells what an operator needs to find out who it was, and never the token.
  private func log(_ problem: Problem, _ request: Request, _ context: AdminContext) {
    logger.warning(
      "Refused a request",
      metadata: [
        "request_id": "\(context.requestID)",
        "method": "\(request.method)",
        "path": "\(request.uri.path)",
        "client": "\(context.client?.ipAddress ?? "unknown")",
        "principal": "\(context.principal?.name ?? "none")",
        "reason": "\(problem.detail)",
      ]
    )
  }
}

extension Problem {
  /// The authentication scheme and the realm (RFC 6750, section 3).
  private static let challenge = "Bearer realm=\"chancery\""

  fileprivate static let noToken = Problem(
    .unauthenticated,
    "This call needs a token, sent as Authorization: Bearer TOKEN.",
    headers: [.wwwAuthenticate: challenge]
  )

  /// `trouble` is what is the matter with it.
  fileprivate static func badToken(_ trouble: String) -> Problem {
    Problem(
      .unauthenticated,
      "The token \(trouble).",
      headers: [.wwwAuthenticate: "\(challenge), error=\"invalid_token\""]
    )
  }

  /// Why a principal may not do what takes a role.
  static func forbidden(_ principal: Principal, without role: Role) -> Problem {
    Problem(
      .forbidden,
      """
      This call takes the role \(role.rawValue), and "\(principal.name)" is \
      \(principal.role == .viewer ? "a viewer" : "an \(principal.role.rawValue)").
      """
    )
  }
}
