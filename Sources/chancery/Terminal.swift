import Foundation
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What a person sees who sits before it; a program that reads the output gets plain text.
enum Terminal {
  enum Color: Int { case red = 31, green = 32, yellow = 33, faint = 90 }

  /// Colours are for terminals only, and for none that does not want them (https://no-color.org).
  private static let hasColors =
    isatty(STDOUT_FILENO) == 1
    && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty

  static func colored(_ text: String, _ color: Color) -> String {
    hasColors ? "\u{1b}[\(color.rawValue)m\(text)\u{1b}[0m" : text
  }

  static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  /// Shows how long something takes already, on one line of a terminal, until it is done.
  static func showingProgress<Value: Sendable>(
    _ text: String?,
    _ body: () async throws -> Value
  ) async rethrows -> Value {
    guard let text, isatty(STDERR_FILENO) == 1 else { return try await body() }
    let started = ContinuousClock.now
    let line = Task {
      while !Task.isCancelled {
        let seconds = started.duration(to: .now).components.seconds
        FileHandle.standardError.write(Data("\r\(text) \(seconds) s".utf8))
        try? await Task.sleep(for: .seconds(1))
      }
      FileHandle.standardError.write(Data("\r\u{1b}[K".utf8))
    }
    defer { line.cancel() }
    let value = try await body()
    line.cancel()
    await line.value
    return value
  }
}
