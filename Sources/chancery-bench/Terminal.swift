import Foundation

enum Terminal {
  /// To standard output.
  static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  /// A line on standard error.
  static func report(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
