import HTTPTypes
import Hummingbird

/// Refuses what a browser may have been tricked into, since nobody needs to authenticate here.
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
    let host = request.uri.host ?? request.head.authority.map(Self.host)
    guard isAllowed(host?.lowercased() ?? "") else {
      throw Problem(
        .misdirected,
        "The Host header must name this machine: localhost, 127.0.0.1 or [::1]."
      )
    }
    if ![.get, .head, .options].contains(request.method) { try checkOrigin(of: request) }
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
      && parts.allSatisfy { (1...3).contains($0.utf8.count) && UInt8($0) != nil }
  }

  /// The authority (RFC 3986, section 3.2) without its port.
  private static func host(of authority: String) -> String {
    let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : nil
    let colon = authority[(end ?? authority.startIndex)...].firstIndex(of: ":")
    return String(authority[..<(colon ?? authority.endIndex)])
  }

  private func checkOrigin(of request: Request) throws {
    let site = request.headers[.secFetchSite]
    let isForeignSite = site == "cross-site" || site == "same-site"
    guard !isForeignSite, isOwn(request.headers[.origin], of: request) else {
      throw Problem(.crossSite, "A web page may not write to the API of another origin.")
    }
  }

  private func isOwn(_ origin: String?, of request: Request) -> Bool {
    guard let origin else { return true }
    guard let authority = request.head.authority?.lowercased() else { return false }
    return ["http://\(authority)", "https://\(authority)"].contains(origin.lowercased())
  }
}
