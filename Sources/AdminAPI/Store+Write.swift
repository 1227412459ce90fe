import HTTPTypes
import Model
import Store

extension Store {
  /// Writes what a call asks for, as nobody in particular.
  ///
  /// - Parameters:
  ///   - key: The one object that the call is about: faults of its content are told relative to
  ///     it, as the body has them.
  ///   - edit: Says what to change, given the head and after its precondition held.
  func write(
    _ call: Call,
    about key: ObjectKey? = nil,
    kind: Revision.Kind = .change,
    edit: @escaping @Sendable (Head<Compiled>, Precondition) throws -> [ObjectEdit]
  ) async throws -> WriteResult<Compiled> {
    let precondition = try Precondition(call.headers)
    let request = WriteRequest<Compiled>(
      author: "anonymous",
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
      }
    )
  }
}
