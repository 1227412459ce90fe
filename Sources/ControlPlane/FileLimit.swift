#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The limit of files and sockets that the process may have open: one a proxy, among others.
enum FileLimit {
  /// Raises the limit as far as this user may, if at all.
  static func raise() {
    guard var limit else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(resource, &limit)
  }

  /// The limit as it is; nil if the system does not tell.
  static var current: UInt64? { limit.map { UInt64($0.rlim_cur) } }

  private static var limit: rlimit? {
    var limit = rlimit()
    return getrlimit(resource, &limit) == 0 ? limit : nil
  }

  #if canImport(Glibc)
  private static var resource: __rlimit_resource_t { .init(RLIMIT_NOFILE.rawValue) }
  #else
  private static var resource: Int32 { RLIMIT_NOFILE }
  #endif
}
