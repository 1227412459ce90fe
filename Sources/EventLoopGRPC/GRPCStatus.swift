/// How a call has ended, as its client is told.
///
/// Source: gRPC, "Status codes and their use in gRPC".
package struct GRPCStatus: Error, Hashable, Sendable {
  /// What kind of end it was.
  package enum Code: Int, Sendable {
    case ok = 0
    case invalidArgument = 3
    case notFound = 5
    case resourceExhausted = 8
    case unimplemented = 12
    case internalError = 13
    case unavailable = 14
  }

  package var code: Code
  /// For whoever looks into the client's trouble; empty when all went well.
  package var message: String

  package static let ok = GRPCStatus(.ok, "")

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
