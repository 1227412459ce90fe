import HTTPTypes
import Hummingbird

/// Refuses what a browser may have been tricked into by a page, where a call needs no token.
///
/// A `Host` that is not this machine is a page whose DNS name was bound again to loopback; a
/// foreign `Origin` or a `Sec-Fetch-Site` beyond `same-origin` on a write is a page of somebody
/// else's (Fetch Metadata Request Headers, section 2.4).
struct HostGuard: RouterMiddleware {
  /// Hosts beside the loopback ones; nil allows every host.
  let allowed: Set<String>?

  @concurrent
  func handle(
    _ request: Request,
    context: AdminContext,
    next: @concurrent (Request, AdminContext) async throws -> Response
  ) async throws -> Response {
    let authority = Self.authority(of: request)
    guard isAllowed(Self.host(of: authority)) else {
      throw Problem(
        .misdirected,
        "The Host header must name this machine: localhost, 127.0.0.1 or [::1]."
      )
    }
    if ![.get, .head, .options].contains(request.method) {
      try checkOrigin(request.headers, authority: authority)
    }
    return try await next(request, context)
  }

  private func isAllowed(_ host: String) -> Bool {
    guard let allowed else { return true }
    return host == "localhost" || host == "[::1]" || Self.isIPv4Loopback(host)
      || allowed.contains(host)
  }

  private static func isIPv4Loopback(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { $0.allSatisfy(\.isWholeNumber) && UInt8($0) != nil }
  }

  /// Whom the request is addressed to, in lower case: by `Host`, or by an absolute URL if it has one
  /// (RFC 9112, section 3.2.2).
  ///
  /// Only a client in this process can give one: of what comes by a socket, the HTTP layer leaves
  /// the path.
  private static func authority(of request: Request) -> String {
    let parts = request.uri.string.split(separator: "://", maxSplits: 1)
    let isAbsolute = parts.count == 2 && !request.uri.string.hasPrefix("/")
    let authority = isAbsolute ? parts[1].prefix { !"/?#".contains($0) } : nil
    return (authority.map(String.init) ?? request.head.authority ?? "").lowercased()
  }

  /// An authority (RFC 3986, section 3.2) without its port.
  private static func host(of authority: String) -> String {
    let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : nil
    let colon = authority[(end ?? authority.startIndex)...].firstIndex(of: ":")
    return String(authority[..<(colon ?? authority.endIndex)])
  }

  private func checkOrigin(_ headers: HTTPFields, authority: String) throws {
    let site = headers[.secFetchSite]
    let isForeignSite = site == "cross-site" || site == "same-site"
    guard !isForeignSite, Self.isOrigin(headers[.origin], of: authority) else {
      throw Problem(.crossSite, "A web page may not write to the API of another origin.")
    }
  }

  private static func isOrigin(_ origin: String?, of authority: String) -> Bool {
    guard let origin = origin?.lowercased() else { return true }
    return origin == "http://\(authority)" || origin == "https://\(authority)"
  }
}
