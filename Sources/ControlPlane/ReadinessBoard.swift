import Model
import Store
import Synchronization

/// What still keeps the process from serving proxies.
final class ReadinessBoard: Sendable {
  enum Part: CaseIterable { case xds, admin }

  private let ready = Mutex<Set<Part>>([])

  /// - Returns: Whether everything is ready from now on.
  func note(_ part: Part) -> Bool {
    ready.withLock { $0.insert(part).inserted && $0.count == Part.allCases.count }
  }

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
