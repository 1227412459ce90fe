/// Fan-outs side by side: what disturbs the machine disturbs all.
struct FanoutRounds {
  var fanouts: [Fanout]
  var pause: Duration
  /// Of the last change.
  private(set) var number: Int

  /// The next change has the number after that one.
  init(_ fanouts: [Fanout], pause: Duration, after number: Int = 0) {
    self.fanouts = fanouts
    self.pause = pause
    self.number = number
  }

  /// Opens the streams of one after the other.
  mutating func connect() async throws {
    for index in fanouts.indices {
      Terminal.report("Opens the streams of \(fanouts[index].name)")
      try await fanouts[index].connect()
    }
  }

  /// Makes each change in all.
  mutating func run(_ changes: Int) async throws {
    for index in fanouts.indices { fanouts[index].begin() }
    for done in 0..<changes {
      if done % 20 == 0 { Terminal.report("\(done) of \(changes) changes") }
      number += 1
      for index in fanouts.indices {
        try await fanouts[index].change(number)
        try await Task.sleep(for: pause)
      }
    }
    for index in fanouts.indices { try await fanouts[index].end() }
  }

  func close() { for fanout in fanouts { fanout.close() } }
}
