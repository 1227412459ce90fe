import HTTPTypes

extension Problem {
  /// What kind of problem it is; the end of the problem's `type`, and part of the API.
  enum Code: String, CaseIterable, Sendable {
    case malformedRequest = "malformed_request", malformedBody = "malformed_body"
    case unauthenticated, forbidden
    case crossSite = "cross_site"
    case notFound = "not_found", noSuchPath = "no_such_path", noSuchRevision = "no_such_revision"
    case methodNotAllowed = "method_not_allowed"
    case notAcceptable = "not_acceptable"
    case exists, conflict, offline
    case preconditionFailed = "precondition_failed"
    case bodyTooLarge = "body_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case expectationFailed = "expectation_failed"
    case misdirected
    case invalid, keyReused = "idempotency_key_reused"
    case internalError = "internal"
    case unavailable, notReady = "not_ready"

    var status: HTTPResponse.Status {
      switch self {
      case .malformedRequest, .malformedBody: .badRequest
      case .unauthenticated: .unauthorized
      case .forbidden, .crossSite: .forbidden
      case .notFound, .noSuchPath, .noSuchRevision: .notFound
      case .methodNotAllowed: .methodNotAllowed
      case .notAcceptable: .notAcceptable
      case .exists, .conflict, .offline: .conflict
      case .preconditionFailed: .preconditionFailed
      case .bodyTooLarge: .contentTooLarge
      case .unsupportedMediaType: .unsupportedMediaType
      case .expectationFailed: .expectationFailed
      case .misdirected: .misdirectedRequest
      case .invalid, .keyReused: .unprocessableContent
      case .internalError: .internalServerError
      case .unavailable, .notReady: .serviceUnavailable
      }
    }

    /// The same for every problem of the code (RFC 9457, section 3.1.3).
    var title: String {
      switch self {
      case .malformedRequest: "The request cannot be read"
      case .malformedBody: "The body is not what it is said to be"
      case .unauthenticated: "It is not known who calls"
      case .forbidden: "The token's role is too little"
      case .crossSite: "The request comes from another site"
      case .notFound: "There is no such object"
      case .noSuchPath: "There is no such path"
      case .noSuchRevision: "There is no such revision"
      case .methodNotAllowed: "The path does not take this method"
      case .notAcceptable: "There is no answer in an accepted format"
      case .exists: "The name is taken"
      case .conflict: "It conflicts with other objects"
      case .offline: "The proxy is not connected"
      case .preconditionFailed: "It is not in the state that the request asks for"
      case .bodyTooLarge: "The body is too large"
      case .unsupportedMediaType: "The body has the wrong content type"
      case .expectationFailed: "What the request expects will not happen"
      case .misdirected: "The host is not served here"
      case .invalid: "The request is not valid"
      case .keyReused: "The Idempotency-Key was used for another request"
      case .internalError: "Something went wrong inside Chancery"
      case .unavailable: "The store cannot do this now"
      case .notReady: "Chancery is not ready"
      }
    }
  }
}
