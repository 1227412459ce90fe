import Foundation

/// What a running process uses, as Linux tells it; elsewhere it is not known.
struct ProcessUsage: Sendable {
  var pid: Int32

  /// All its threads' time, the kernel's part included, by clock_getcpuclockid(3).
  var processorTime: Duration? {
    #if os(Linux)
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else {
      return nil
    }
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    #else
    return nil
    #endif
  }

  /// What of its memory is resident now, in KiB.
  var resident: Double? { status("VmRSS:") }

  /// The most that was ever resident, in KiB.
  var residentPeak: Double? { status("VmHWM:") }

  /// Source: proc(5), `/proc/PID/status`.
  private func status(_ name: String) -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) })
    else { return nil }
    return line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first
      .flatMap { Double($0) }
  }

  /// Waits until it does next to nothing, for ten seconds at most.
  func settle() async throws {
    var before = processorTime
    for _ in 0..<100 {
      try await Task.sleep(for: .milliseconds(100))
      let now = processorTime
      guard let used = now.flatMap({ now in before.map { now - $0 } }) else { return }
      if used < .milliseconds(2) { return }
      before = now
    }
  }
}
