package import HTTPTypes

/// What a client expects before it sends the body of a request (RFC 9110, section 10.1.1).
package enum Expectation: Hashable, Sendable {
  /// It sends it at once.
  case none
  /// It waits for a while to be asked for it.
  case invitation
  /// The same, and the body would be too large.
  case invitationInVain
  /// Something that nobody knows.
  case unknown

  init(of request: HTTPRequest, bodyLimit: Int) {
    let headers = request.headerFields
    let expected = headers[values: .expect]
      .flatMap { $0.split { $0 == "," || $0.isWhitespace } }
    let size = headers[.contentLength].flatMap { Int($0) } ?? 0
    let hasBody = size > 0 || headers.contains(.transferEncoding)
    if !expected.allSatisfy({ $0.lowercased() == "100-continue" }) {
      self = .unknown
    } else if expected.isEmpty || !hasBody {
      self = .none
    } else {
      self = size > bodyLimit ? .invitationInVain : .invitation
    }
  }

  /// Whether the request is refused without its body.
  package var isRefused: Bool { self == .invitationInVain || self == .unknown }
}

extension AdminAPI {
  /// What the client of a request expects; who serves the API has to invite those that wait for it.
  package func expectation(of request: HTTPRequest) -> Expectation {
    Expectation(of: request, bodyLimit: settings.bodyLimit)
  }
}
