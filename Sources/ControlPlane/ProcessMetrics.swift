import Foundation
import PrometheusMetrics

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What Prometheus' clients tell of their process, under the names that they agreed on.
///
/// What the system does not tell, such as `/proc` where there is none, is left out. Source:
/// Prometheus, "Writing client libraries", section "Process metrics".
enum ProcessMetrics {
  /// Has them read by the registry; the process counts as started now.
  static func register(in registry: PrometheusRegistry) {
    let start = Date().timeIntervalSince1970
    registry.read("process_start_time_seconds") { [.init(start)] }
    registry.read("process_cpu_seconds_total") { samples(cpuSeconds) }
    registry.read("process_resident_memory_bytes") { samples(residentBytes) }
    registry.read("process_open_fds") { samples(openFiles) }
    registry.read("process_max_fds") { samples(FileLimit.current.map { Double($0) }) }
  }

  private static func samples(_ value: Double?) -> [PrometheusRegistry.Sample] {
    value.map { [.init($0)] } ?? []
  }

  private static var cpuSeconds: Double? {
    let time = clock()
    // POSIX has CLOCKS_PER_SEC be a million.
    return time < 0 ? nil : Double(time) / 1e6
  }

  /// The second number of `statm`, in pages (proc(5)).
  private static var residentBytes: Double? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return nil
    }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) }
    return pages.map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
  }

  private static var openFiles: Double? {
    // One of them is the folder itself, while it is read.
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))
      .map { Double($0.count - 1) }
  }
}
