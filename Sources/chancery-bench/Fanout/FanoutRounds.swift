/// Fan-outs side by side: what disturbs the machine disturbs all.
struct FanoutRounds {
  var fanouts: [Fanout]
  var changes: Int
  var pause: Duration

  init(_ fanouts: [Fanout], _ options: FanoutOptions) {
    self.fanouts = fanouts
    changes = options.changes
    pause = .milliseconds(options.pause)
  }

  /// Opens the streams of one after the other, and then makes each change in all.
  ///
  /// - Parameter first: The number of the first change.
  mutating func run(from first: Int = 1) async throws {
    for index in fanouts.indices {
      Terminal.report("Opens the streams of \(fanouts[index].name)")
      try await fanouts[index].connect()
    }
    for number in 0..<changes {
      if number % 20 == 0 { Terminal.report("\(number) of \(changes) changes") }
      for index in fanouts.indices {
        try await fanouts[index].change(first + number)
        try await Task.sleep(for: pause)
      }
    }
    for index in fanouts.indices { try await fanouts[index].finish() }
  }
}
