import ArgumentParser
import ControlPlane
import Foundation

@main
enum Main {
  /// What the shell is told when the command was used wrongly; all else that fails is 1.
  private static let usage: Int32 = 2

  static func main() async {
    do {
      let command = try Chancery.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        var command = command
        try command.run()
      }
    } catch {
      if let failure = CommandFailure(error) {
        if !failure.description.isEmpty { Terminal.complain(failure.description) }
        exit(failure.status.rawValue)
      }
      let isUsage = error is SettingsError || Chancery.exitCode(for: error) == .validationFailure
      guard isUsage else { Chancery.exit(withError: error) }
      FileHandle.standardError.write(Data((Chancery.fullMessage(for: error) + "\n").utf8))
      exit(usage)
    }
  }
}
