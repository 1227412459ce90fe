import HTTPTypes
import Hummingbird
import Model
import Publisher
import Store

/// A write of the document that a call asks for.
struct DocumentWrite: Sendable {
  /// What it is about, if that is one object: faults of its content are told relative to that, as
  /// the body has them.
  var key: ObjectKey?
  var kind = Revision.Kind.change
  /// The revision's message, if the call has none.
  var message: String?
  /// Says what to change, given the head that the write is made on, and checks the precondition.
  var edit: @Sendable (ConfigHead, Precondition) throws -> [ObjectEdit]
  /// The answer to what was done.
  var reply: @Sendable (ConfigWriteResult) throws -> Reply
}

extension ConfigStore {
  /// Writes what a call asks for, or tells what that would do, and answers.
  func answer(_ call: Call, _ write: DocumentWrite) async throws -> Response {
    let precondition = try Precondition(call.headers)
    var request = WriteRequest<Compiled>(
      author: call.author,
      message: try call.message() ?? write.message,
      kind: write.kind
    ) { head in
      try write.edit(head, precondition)
    }
    request.isDryRun = call.isDryRun
    request.recording = try call.recording(of: write)
    do {
      let result = try await self.write(request)
      return call.isDryRun ? Plan(result).response(to: call) : Response(try write.reply(result))
    } catch let error as AnsweredBefore {
      return Response(error.answer.reply(requestID: call.requestID))
    } catch {
      throw write.relative(error)
    }
  }
}

extension DocumentWrite {
  /// The error with the pointers into the written object relative to it.
  func relative(_ error: any Error) -> any Error {
    guard let key, let refusal = error as? Refusal, refusal.kind == .invalid else { return error }
    return Refusal(
      refusal.kind,
      refusal.faults.map { fault in
        guard fault.pointer == key.pointer || fault.pointer.hasPrefix(key.pointer + "/") else {
          return fault
        }
        var fault = fault
        fault.pointer.removeFirst(key.pointer.count)
        return fault
      },
      hasMore: refusal.hasMore
    )
  }
}
