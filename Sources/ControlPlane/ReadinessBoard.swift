import Model
import Store
import Synchronization

/// What still keeps the process from serving proxies.
final class ReadinessBoard: Sendable {
  enum Part { case xds }

  private let ready = Mutex<Set<Part>>([])

  func note(_ part: Part) { ready.withLock { _ = $0.insert(part) } }

  /// Sentences for `/readyz`, the store's trouble first; empty when all is well.
  func reasons(head: Head<some Sendable>, trouble: String?) -> [String] {
    if let trouble { return [trouble] }
    if let refusal = head.refusal {
      return ["Revision \(head.revision.number) is not servable by this version of Chancery."]
        + refusal.faults.map { "\($0.pointer): \($0.detail)" }
    }
    return ready.withLock { $0.contains(.xds) } ? [] : ["xDS does not listen yet."]
  }
}
