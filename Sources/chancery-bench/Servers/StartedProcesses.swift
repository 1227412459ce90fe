import Foundation
import Synchronization
import UnixSignals

/// The processes that a measurement started, which are not to outlive it when it is interrupted.
enum StartedProcesses {
  private static let pids = Mutex<Set<Int32>>([])

  static func add(_ pid: Int32) { _ = pids.withLock { $0.insert(pid) } }

  /// Notes that a process is gone, whose number another one may get.
  static func remove(_ pid: Int32) { _ = pids.withLock { $0.remove(pid) } }

  /// From now on SIGINT and SIGTERM end the processes and this one.
  static func endOnSignals() async {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    Task {
      for await signal in signals {
        for pid in pids.withLock({ $0 }) { kill(pid, SIGKILL) }
        // What a shell says of a command that a signal ended.
        exit(128 + signal.rawValue)
      }
    }
  }
}
