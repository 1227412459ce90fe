import Foundation
import NIOCore

/// Why `serve` cannot start, in a sentence that says what to do.
package struct StartupError: Error, CustomStringConvertible {
  package var description: String

  /// Explains why an address cannot be listened on.
  init(listeningOn address: ListenAddress, flag: String, cause: any Error) {
    let io = cause as? IOError
    description =
      switch io?.errnoCode {
      case EADDRINUSE:
        "\(address) is in use by another program. Stop it, or choose another with \(flag)."
      case EADDRNOTAVAIL:
        "\(address) is no address of this machine. Choose another with \(flag)."
      case EACCES:
        "This user may not listen on \(address). Choose a port above 1023 with \(flag)."
      default: "Cannot listen on \(address) (\(flag)): \(cause)"
      }
  }
}
