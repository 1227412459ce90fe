import NIOCore

/// One stream of a connection: the dialogue on it, and what is noted of it.
final class ProxyStream {
  private var dialogue: ProxyDialogue
  private var frames = MessageFrames()
  private let events: StreamEvents
  private var isInitialised = false
  /// The change that it received last.
  private var change = 0

  init(_ dialogue: ProxyDialogue, events: StreamEvents) {
    self.dialogue = dialogue
    self.events = events
  }

  func begin(_ allocator: ByteBufferAllocator) -> ByteBuffer {
    MessageFrames.frames([dialogue.begin()], allocator)
  }

  /// Takes what came.
  ///
  /// - Returns: What is answered, framed; nil if nothing.
  func receive(_ bytes: inout ByteBuffer, _ allocator: ByteBufferAllocator) -> ByteBuffer? {
    frames.append(&bytes)
    var requests: [[UInt8]] = []
    while let message = frames.next() {
      events.received(message.readableBytes + 5)
      message.withUnsafeReadableBytes { bytes in
        note(bytes)
        requests += dialogue.answer(bytes)
      }
      if !isInitialised, dialogue.isInitialised {
        isInitialised = true
        events.initialised()
      }
    }
    return requests.isEmpty ? nil : MessageFrames.frames(requests, allocator)
  }

  private func note(_ message: UnsafeRawBufferPointer) {
    events.recording?.note(message)
    guard let awaited = events.awaited, awaited.number != change, awaited.isIn(message) else {
      return
    }
    change = awaited.number
    events.arrived(awaited)
  }
}
