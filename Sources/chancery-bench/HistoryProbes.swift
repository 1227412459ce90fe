import Model
import Store

/// What is done with a history, and how long each thing takes.
struct HistoryProbes {
  struct Named: Sendable {
    var name: String
    var timing: Timing
  }

  let store: Store<SampleHistory.Compiled>
  let history: SampleHistory
  let runs: Int

  private var newest: Int { store.head.revision.number }
  private var few: Int { runs / 5 }

  var timings: [Named] {
    get async throws {
      try await reads + differences + histories + plans + revisions
    }
  }

  private func time(
    _ name: String,
    runs: Int? = nil,
    _ body: (Int) async throws -> Int?
  ) async throws -> Named {
    Named(name: name, timing: try await Timing(runs: runs ?? self.runs) { try await body($0) ?? 0 })
  }

  // MARK: What is measured

  private var reads: [Named] {
    get async throws {
      var timings: [Named] = []
      for (age, number) in [("old", 2), ("middle", newest / 2), ("new", newest - 1)] {
        timings += try await [
          time("one object, \(age) revision") { run in
            try await read(.object(history.quiet(run)), at: number)
          },
          time("a page of 100, \(age) revision") { run in
            let start = SampleHistory.name(run * history.services / (2 * runs))
            return try await read(.page(of: .service, after: start, limit: 100), at: number)
          },
          time("the document, \(age) revision", runs: few) { _ in
            try await read(.all, at: number)
          },
        ]
      }
      return timings
    }
  }

  private func read(_ part: PastPart, at number: Int) async throws -> Int? {
    try await store.head(at: number, part)?.stamps.count
  }

  private var differences: [Named] {
    get async throws {
      let step = min(1000, newest - 1)
      return try await [
        time("diff of neighbours") { run in
          let number = newest - 1 - run % (newest - 2)
          return try await store.differences(from: number, to: number + 1)?.count
        },
        time("diff over \(step) revisions", runs: few) { _ in
          try await store.differences(from: newest - step, to: newest)?.count
        },
        time("diff of first and last", runs: few) { _ in
          try await store.differences(from: 1, to: newest)?.count
        },
      ]
    }
  }

  private var histories: [Named] {
    get async throws {
      try await [
        time("an object's last 10 revisions of few") { run in
          try await store.history(of: history.quiet(run), before: nil, limit: 10)?.count
        },
        time("an object's 10 revisions of very many") { run in
          let before = newest - run * (newest / 2 / runs)
          return try await store.history(of: SampleHistory.busy, before: before, limit: 10)?.count
        },
      ]
    }
  }

  private var plans: [Named] {
    get async throws {
      let newest = newest
      return try await [
        time("plan of a rollback to the parent") { _ in
          try await plan { [store] in try store.edits(to: newest - 1, from: $0) }
        },
        time("plan of a rollback to the first", runs: few) { _ in
          try await plan { [store] in try store.edits(to: 1, from: $0) }
        },
        time("plan of undoing the newest") { _ in
          try await plan { [store] in try store.edits(undoing: newest, from: $0) }
        },
      ]
    }
  }

  private func plan(
    _ edits: @escaping @Sendable (Head<SampleHistory.Compiled>) throws -> [ObjectEdit]?
  ) async throws -> Int {
    var request = WriteRequest<SampleHistory.Compiled>(author: "bench") { try edits($0) ?? [] }
    request.isDryRun = true
    return try await store.write(request).change.edits.count
  }

  private var revisions: [Named] {
    get async throws {
      try await [
        time("one revision's detail") { run in
          try await store.revision(2 + run * (newest - 2) / runs)?.entries.count
        },
        time("the newest 100 revisions") { _ in
          try await store.revisions(before: nil, limit: 100).count
        },
        time("100 revisions from the middle") { _ in
          try await store.revisions(before: newest / 2, limit: 100).count
        },
      ]
    }
  }
}
