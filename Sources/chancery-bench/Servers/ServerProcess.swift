import Foundation

/// Another process that listens, and is gone when this is.
final class ServerProcess {
  /// When it was started.
  let start: ContinuousClock.Instant
  private let process = Process()
  private let output = Pipe()
  private let input: Pipe?

  /// Starts it; with `takesInput` lines can be written to it.
  init(_ executable: URL, _ arguments: [String], takesInput: Bool = false) throws {
    input = takesInput ? Pipe() : nil
    process.executableURL = executable
    process.arguments = arguments
    process.standardOutput = output
    if let input { process.standardInput = input }
    start = .now
    try process.run()
    StartedProcesses.add(process.processIdentifier)
  }

  deinit { stop() }

  /// This executable.
  static var own: URL {
    Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
  }

  var usage: ProcessUsage { ProcessUsage(pid: process.processIdentifier) }

  /// Waits until it has written lines that begin so, and returns the last word of each: where it
  /// listens.
  func lastWords(of beginnings: [String]) throws -> [String] {
    var text = ""
    while true {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw StoppedEarly() }
      text += String(decoding: data, as: UTF8.self)
      // What follows the last line end is not whole yet.
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let words = beginnings.compactMap { beginning in
        lines.first { $0.hasPrefix(beginning) }?.split(separator: " ").last.map(String.init)
      }
      if words.count == beginnings.count { return words }
    }
  }

  /// Where lines are written to.
  var lines: FileHandle? { input?.fileHandleForWriting }

  /// Stops it and waits until it is gone.
  func stop() {
    try? lines?.close()
    process.terminate()
    process.waitUntilExit()
    StartedProcesses.remove(process.processIdentifier)
  }
}

/// The process ended, or could not start; it says why on standard error.
struct StoppedEarly: Error, CustomStringConvertible {
  var description: String { "The server stopped; see above." }
}
