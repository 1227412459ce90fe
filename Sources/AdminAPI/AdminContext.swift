package import Hummingbird
import Foundation
import HTTPTypes
import NIOCore

/// What is known about a request beside itself.
package struct AdminContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// Names the request in its answer and in the log.
  var requestID = ""
  /// Ends when the client is gone; nil if that is not watched.
  var departure: AsyncStream<Void>?
  /// On whose behalf it is made; nil while nobody has found out.
  var principal: Principal?
  /// Where it comes from.
  let client: SocketAddress?

  package init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    client = source.channel.remoteAddress
  }
}

extension AdminContext {
  /// The client's `X-Request-Id` if it is fit for headers and logs, or else a new one.
  static func requestID(from headers: HTTPFields) -> String {
    if let id = headers[.requestID], isSane(id) { return id }
    return UUID().uuidString.lowercased()
  }

  private static func isSane(_ id: String) -> Bool {
    (1...128).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7e).contains($0) }
  }
}
