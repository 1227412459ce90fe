/// How long something took, done several times.
struct Timing: Sendable {
  var median: Duration
  var max: Duration
  /// How many things it gave, on average.
  var results: Double

  /// The body is told which run it is, to take another object each time, and tells how many things
  /// it gave.
  init(runs: Int, _ body: (Int) async throws -> Int) async rethrows {
    var durations: [Duration] = []
    var results = 0
    for run in 0..<runs {
      let start = ContinuousClock.now
      results += try await body(run)
      durations.append(.now - start)
    }
    durations.sort()
    median = durations[runs / 2]
    max = durations[runs - 1]
    self.results = Double(results) / Double(runs)
  }
}

extension Duration {
  var microseconds: Int64 { Int64(self / .microseconds(1)) }
}
