import Foundation
import Subprocess
import SystemPackage

/// A program that a test runs; what it prints goes to a file.
///
/// Not by Foundation's `Process`, which crashes now and then where several are started at once.
final class ChildProcess: Sendable {
  let log: URL
  private let id: pid_t
  private let end: Task<Int32, any Error>
  private let ended: Flag

  /// Starts a program.
  static func start(_ program: String, _ arguments: [String], log: URL) async throws
    -> ChildProcess
  {
    let (ids, started) = AsyncStream.makeStream(of: pid_t.self)
    let ended = Flag()
    let end = Task {
      defer {
        ended.raise()
        started.finish()
      }
      let output = try FileDescriptor.open(
        FilePath(log.path),
        .writeOnly,
        options: [.create, .append],
        permissions: .ownerReadWrite
      )
      let result = try await Subprocess.run(
        .path(FilePath(program)),
        arguments: Arguments(arguments),
        input: .none,
        output: .fileDescriptor(output, closeAfterSpawningProcess: true),
        error: .combinedWithOutput
      ) { started.yield($0.processIdentifier.value) }
      return switch result.terminationStatus {
      case .exited(let code), .signaled(let code): code
      }
    }
    for await id in ids { return ChildProcess(log: log, id: id, end: end, ended: ended) }
    _ = try await end.value
    throw NeverHappened(description: "\(program) did not start")
  }

  private init(log: URL, id: pid_t, end: Task<Int32, any Error>, ended: Flag) {
    self.log = log
    self.id = id
    self.end = end
    self.ended = ended
  }

  var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  var isRunning: Bool { !ended.isRaised }

  /// The paths of the files that it has open.
  var openFiles: [String] {
    let folder = "/proc/\(id)/fd"
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return names?.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
    } ?? []
  }

  /// Its exit status, or the signal's number that ended it.
  func exitStatus() async throws -> Int32 { try await end.value }

  /// Sends a signal that need not end it.
  func signal(_ number: Int32) {
    if isRunning { kill(id, number) }
  }

  /// Sends a signal and waits for the end.
  @discardableResult
  func stop(_ signal: Int32 = SIGTERM) async -> Int32? {
    if isRunning { kill(id, signal) }
    return try? await end.value
  }
}
