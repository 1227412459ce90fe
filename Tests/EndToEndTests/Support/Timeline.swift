import Synchronization

/// What the document allowed to answer, and what was being changed, at each moment of a load.
final class Timeline: Sendable {
  typealias Instant = ContinuousClock.Instant

  fileprivate struct Span {
    var what: String
    let start: Instant
    var end: Instant?

    func touches(_ attempt: Attempt) -> Bool {
      start <= attempt.ended && attempt.started <= end ?? attempt.ended
    }
  }

  fileprivate struct State {
    var allowed: [Target: [Span]] = [:]
    var changes: [Span] = []
  }

  private let start = Instant.now
  private let state = Mutex(State())

  /// Allows an upstream from now on, beside those that are.
  func allow(_ upstreams: [Target: String]) {
    let now = Instant.now
    state.withLock { state in
      for (target, upstream) in upstreams {
        let spans = state.allowed[target] ?? []
        guard !spans.contains(where: { $0.what == upstream && $0.end == nil }) else { continue }
        state.allowed[target] = spans + [Span(what: upstream, start: now)]
      }
    }
  }

  /// Allows no others from now on: the proxy was seen to follow.
  func settle(_ upstreams: [Target: String]) {
    let now = Instant.now
    state.withLock { state in
      for (target, upstream) in upstreams {
        state.allowed[target] = state.allowed[target]?.map { span in
          guard span.end == nil, span.what != upstream else { return span }
          return Span(what: span.what, start: span.start, end: now)
        }
      }
    }
  }

  /// All that may answer any target now.
  var allowed: Set<String> {
    state.withLock { state in
      Set(state.allowed.values.joined().filter { $0.end == nil }.map(\.what))
    }
  }

  /// Notes a change as in progress while the body runs.
  func note(_ change: String, _ body: () async throws -> Void) async rethrows {
    let index = state.withLock { state in
      state.changes.append(Span(what: change, start: .now))
      return state.changes.count - 1
    }
    try await body()
    state.withLock { $0.changes[index].end = .now }
  }

  /// Says of each attempt that failed, or was answered by the wrong upstream, when that was and what
  /// was being changed.
  func failures(among attempts: [Attempt]) -> [String] {
    let state = state.withLock { $0 }
    return attempts.sorted { $0.ended < $1.ended }.compactMap { attempt in
      guard let fault = state.fault(of: attempt) else { return nil }
      let changes = state.changes.filter { $0.touches(attempt) }.map { describe($0) }
      return """
        \(time(attempt.started))–\(time(attempt.ended)) \(attempt.target): \(fault); \
        during: \(changes.joined(separator: ", "))
        """
    }
  }

  private func describe(_ change: Span) -> String {
    "\(change.what) (\(time(change.start))–\(change.end.map(time) ?? "the end"))"
  }

  /// In seconds since the start.
  private func time(_ instant: Instant) -> String {
    let milliseconds = (instant - start) / Duration.milliseconds(1)
    return "\(Double(Int(milliseconds)) / 1000)"
  }
}

extension Timeline.State {
  fileprivate func fault(of attempt: Attempt) -> String? {
    guard let upstream = attempt.upstream else { return attempt.fault ?? "no answer" }
    let allowed = allowed[attempt.target, default: []].filter { $0.touches(attempt) }.map(\.what)
    return allowed.contains(upstream)
      ? nil : "answered by \(upstream), allowed: \(allowed.joined(separator: " "))"
  }
}
