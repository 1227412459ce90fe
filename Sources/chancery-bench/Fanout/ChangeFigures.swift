/// What was measured of changes.
struct ChangeFigures {
  /// When each stream had received a change, counted from sending it; sorted in the end.
  var arrivals: [Duration] = []
  /// Of the stream that a change reached last, a change each.
  var lasts: [Duration] = []
  /// How long it took until the server answered.
  var writes: [Duration] = []
  /// What the server used for all; nil if it is not known.
  var processor: Duration?
  /// What the streams' client used from sending changes to their last arrivals.
  var clientProcessor: Duration? = .zero
  /// What came on all streams.
  var bytes = 0

  /// In milliseconds.
  var processorOfOne: Double? { processor.map { $0 / .milliseconds(1) / Double(lasts.count) } }

  func bytes(ofEach streams: Int) -> Double { Double(bytes) / Double(lasts.count * streams) }
}
