import Foundation

/// A program that a test runs; what it prints goes to a file.
final class ChildProcess: Sendable {
  let log: URL
  private let process = Process()
  private let exits: AsyncStream<Int32>

  init(
    _ program: String,
    _ arguments: [String],
    log: URL,
    environment: [String: String] = [:]
  ) throws {
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    let output = try FileHandle(forWritingTo: log)
    let (exits, exit) = AsyncStream.makeStream(of: Int32.self)
    self.log = log
    self.exits = exits
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    process.terminationHandler = { process in
      exit.yield(process.terminationStatus)
      exit.finish()
    }
    try process.run()
    try output.close()
  }

  var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  var isRunning: Bool { process.isRunning }

  /// Its exit status, or the signal's number that ended it.
  func exitStatus() async -> Int32 {
    for await status in exits { return status }
    return process.terminationStatus
  }

  /// Sends a signal and waits for the end.
  @discardableResult
  func stop(_ signal: Int32 = SIGTERM) async -> Int32 {
    if process.isRunning { kill(process.processIdentifier, signal) }
    return await exitStatus()
  }
}
