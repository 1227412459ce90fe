import HTTPTypes
import Model
import Store

extension Store {
  /// Writes what a call asks for, in the name of its principal.
  ///
  /// If it is about one object, faults of its content are told relative to that, as the body has
  /// them. The edit is given the head that it is made on, and has to check the precondition.
  func write(
    _ call: Call,
    about key: ObjectKey? = nil,
    kind: Revision.Kind = .change,
    edit: @escaping @Sendable (Head<Compiled>, Precondition) throws -> [ObjectEdit]
  ) async throws -> WriteResult<Compiled> {
    let precondition = try Precondition(call.headers)
    let request = WriteRequest<Compiled>(
      author: call.author,
      message: try call.message(),
      kind: kind
    ) { head in
      try edit(head, precondition)
    }
    do {
      return try await write(request)
    } catch let refusal as Refusal where refusal.kind == .invalid {
      throw key.map(refusal.relative) ?? refusal
    }
  }
}

extension Refusal {
  /// The refusal with the pointers into an object relative to it.
  fileprivate func relative(to key: ObjectKey) -> Refusal {
    Refusal(
      kind,
      faults.map { fault in
        guard fault.pointer == key.pointer || fault.pointer.hasPrefix(key.pointer + "/") else {
          return fault
        }
        var fault = fault
        fault.pointer.removeFirst(key.pointer.count)
        return fault
      },
      hasMore: hasMore
    )
  }
}
