import AdminClient
import ArgumentParser

/// What the shell is told of how a command ended.
enum ExitStatus: Int32 {
  case different = 1, usage, forbidden, conflict, invalid, rejected, waited, noServer

  /// That of an answer of the API.
  init(ofAnswer status: Int) {
    self =
      switch status {
      case 401, 403: .forbidden
      case 404, 409, 410, 412: .conflict
      case 400, 413, 415, 422: .invalid
      default: .different
      }
  }
}

/// Ends a command that did not do what it was asked for.
struct CommandFailure: Error, CustomStringConvertible {
  var status: ExitStatus
  /// For a person; empty if all is said already.
  var description: String

  init(_ status: ExitStatus, _ description: String = "") {
    self.status = status
    self.description = description
  }

  /// nil if the error is none of the client's.
  init?(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let refused as Refused where refused.status == 401:
      self.init(.forbidden, "\(refused) Give one by --token-file, CHANCERY_TOKEN or --token.")
    case let refused as Refused: self.init(.init(ofAnswer: refused.status), "\(refused)")
    case let server as NoServer: self.init(.noServer, "\(server)")
    default: return nil
    }
  }
}
