import AdminClient
import ArgumentParser
import Foundation
import Model
import NIOCore

/// What a command that writes can be told beside.
struct WriteOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "The revision's message: why it is made.")
  var message: String?

  @Flag(help: "Show what would change, and change nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Wait until every connected proxy has it, at most so long, such as 10s; up to 5m.",
      valueName: "duration"
    )
  )
  var wait: WaitSpan?

  /// The call with what was told.
  func applied(to call: AdminCall) -> AdminCall {
    var call = call
    if let message { call.headers["chancery-message"] = message }
    if dryRun { call.path += (call.path.contains("?") ? "&" : "?") + "dry_run=true" }
    if let wait {
      call.headers["prefer"] = "wait=\(wait.seconds)"
      call.patience = .seconds(Int64(wait.seconds) + 60)
    }
    return call
  }
}

/// A time to wait, in whole seconds, at most five minutes.
struct WaitSpan: ExpressibleByArgument {
  var seconds: Int

  init?(argument: String) {
    guard let span = TimeSpan(argument), span <= TimeSpan.seconds(300) else { return nil }
    seconds = (span.milliseconds + 999) / 1000
  }
}
