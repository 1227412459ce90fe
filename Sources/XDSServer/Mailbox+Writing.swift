import Synchronization

// A client that does not read: what is written to it waits, and so does all that is newer.
extension Mailbox {
  /// The write that a stream's client is to take.
  struct Writing {
    private var count = 0
    private var isWaiting = false
    /// The sizes of this write and the one before, which may still be on its way when a later one
    /// begins.
    private var sizes = (0, 0)
    private(set) var isStalled = false

    /// The number of the write that waits, if one does.
    var current: Int? { isWaiting ? count : nil }

    /// In bytes.
    fileprivate var size: Int { sizes.0 + sizes.1 }

    fileprivate mutating func begin(size: Int) {
      count += 1
      isWaiting = true
      sizes = (sizes.1, size)
    }

    fileprivate mutating func end() { isWaiting = false }

    fileprivate mutating func noteStall(of write: Int) -> Bool {
      isStalled = current == write
      return isStalled
    }
  }

  /// Whether the client was found not to read.
  var isStalled: Bool { state.withLock { $0.writing.isStalled } }

  /// Lets `stalled` know that the stream waits for its client to take so many bytes.
  func whileWriting(_ size: Int, _ write: () async throws -> Void) async throws {
    let overtakenWrite = state.withLock { state in
      state.writing.begin(size: size)
      return state.isPosted ? state.writing.current : nil
    }
    if let overtakenWrite { overtaking.yield(overtakenWrite) }
    defer { state.withLock { $0.writing.end() } }
    try await write()
  }

  /// Waits until the client has left a write waiting for that long, and a second for each 64 KiB,
  /// while something newer waited too.
  ///
  /// It returns no later than twice that time after both began.
  func stalled(for patience: Duration) async throws {
    for await write in overtaken {
      let size = state.withLock { $0.writing.size }
      try await Task.sleep(for: patience + .seconds(size >> 16))
      if state.withLock({ $0.writing.noteStall(of: write) }) { return }
    }
    throw CancellationError()
  }
}
