package import NIOCore

/// What a method does with one call.
///
/// All is called on the event loop of the call's connection, and must not block it.
package protocol GRPCCallHandler: AnyObject {
  /// The client has sent a message.
  ///
  /// Messages come one at a time and in order: the next only once the client has taken what was sent
  /// to it, so that one that asks but does not read has no more than a window of requests kept.
  ///
  /// - Throws: What the call then ends with.
  func receive(_ message: ByteBuffer) throws(GRPCStatus)

  /// The client will send nothing more, and its last message was received; also while the call is
  /// held.
  func receiveEnd()

  /// The client has taken all that was sent to it, as far as the system tells.
  func sent()

  /// The call is over, whoever ended it; nothing is called after this.
  func closed()
}

/// Makes the handler of a call.
package typealias GRPCMethod = @Sendable (GRPCCall) -> any GRPCCallHandler
