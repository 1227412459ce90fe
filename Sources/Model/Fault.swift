/// One thing that is wrong with a document, and where.
package struct Fault: Hashable, Sendable {
  /// What kind of thing is wrong; part of the API.
  package enum Code: String, CaseIterable, Sendable {
    case required, unknownField = "unknown_field", wrongType = "wrong_type"
    case outOfRange = "out_of_range", invalidValue = "invalid_value", duplicate
    case oneOf = "one_of", unknownReference = "unknown_reference", notApplicable = "not_applicable"
    case exists, stillReferenced = "still_referenced", portInUse = "port_in_use"
    case ambiguousRoute = "ambiguous_route", changedSince = "changed_since"
  }

  /// A JSON pointer (RFC 6901) into what was sent, or into the document.
  package var pointer: String
  package var code: Code
  /// A sentence that says what to do.
  package var detail: String

  package init(_ pointer: String, _ code: Code, _ detail: String) {
    self.pointer = pointer
    self.code = code
    self.detail = detail
  }
}

/// Why a document or an edit of it is not accepted: every fault, in order of its pointers.
package struct Refusal: Error, Hashable, Sendable {
  /// Whether the content or its surroundings are at fault.
  package enum Kind: Sendable {
    /// The content itself makes no sense.
    case invalid
    /// It would make sense, but not beside what is there already.
    case conflict
  }

  package var kind: Kind
  package var faults: [Fault]
  /// Whether there are more than are told.
  package var hasMore: Bool

  package init(_ kind: Kind, _ faults: [Fault], hasMore: Bool = false) {
    self.kind = kind
    self.hasMore = hasMore
    self.faults = faults.sorted { ($0.pointer, $0.detail) < ($1.pointer, $1.detail) }
  }
}

/// Collects the faults that are found while something is read.
package final class FaultCollector {
  /// No answer lists more, or a large body of nothing but faults would make a far larger answer.
  static let most = 1000

  package private(set) var faults: [Fault] = []
  private var hasMore = false

  package init() {}

  /// Adds a fault, unless there are as many as are ever told.
  package func add(_ pointer: String, _ code: Fault.Code, _ detail: String) {
    switch faults.count {
    case ..<Self.most: faults.append(Fault(pointer, code, detail))
    default: hasMore = true
    }
  }

  /// - Throws: What was collected, if that is anything.
  package func check() throws(Refusal) {
    if !faults.isEmpty { throw Refusal(.invalid, faults, hasMore: hasMore) }
  }
}
