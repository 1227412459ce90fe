#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Which file a path leads to, whatever it is called.
struct FileIdentity: Hashable, Sendable {
  private var device: UInt64
  private var inode: UInt64

  /// nil if there is no file; costs a microsecond.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
