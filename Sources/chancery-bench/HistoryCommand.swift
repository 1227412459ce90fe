import ArgumentParser
import Foundation
import Model
import Store

struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "What reading the past costs, with a long history and a short one.",
    discussion: """
      Makes two databases of the same objects, one with many revisions and one with few, and does \
      the same with both. The ratio is of the medians, for each thing that was returned: near 1 if \
      it costs by these and not by how long the history is.
      """
  )

  @Option(help: "How many revisions the long history has.")
  var revisions = 100_000

  @Option(help: "How many revisions the short history has.")
  var shortRevisions = 1000

  @Option(help: "How many objects there are.")
  var objects = 10_000

  @Option(help: "How often each thing is done; a whole document or a far diff a fifth of that.")
  var runs = 25

  @Flag(help: "Also print how SQLite plans each statement that the history was read with.")
  var plans = false

  @Option(name: .shortAndLong, help: "text or json.")
  var output = OutputFormat.text

  func validate() throws {
    guard shortRevisions >= 20, revisions >= shortRevisions, objects >= 200, runs >= 5 else {
      throw ValidationError(
        "It takes 20 revisions, 200 objects and 5 runs, and the long history is the longer one."
      )
    }
  }

  func run() async throws {
    let short = try await measure(shortRevisions)
    let long = try await measure(revisions)
    let report = HistoryReport(objects: objects, short: short, long: long, showsPlans: plans)
    Terminal.write(output == .json ? report.json.text + "\n" : report.text)
  }

  private func measure(_ revisions: Int) async throws -> HistoryFigures {
    let file = try TemporaryDatabase()
    let history = SampleHistory(objects: objects, revisions: revisions)
    try await history.write(to: file.path)
    let log = StatementLog()
    let opening = try await Timing(runs: max(2, runs / 5)) { _ in
      try SampleHistory.open(file.path, log: log).close()
      return 1
    }
    let store = try SampleHistory.open(file.path, log: log)
    let probes = HistoryProbes(store: store, history: history, runs: runs)
    let figures = HistoryFigures(
      revisions: store.head.revision.number,
      bytes: file.size,
      timings: try await probes.timings + [.init(name: "open the store", timing: opening)],
      plans: try await store.historyPlans(of: log)
    )
    try store.close()
    return figures
  }
}

enum OutputFormat: String, CaseIterable, ExpressibleByArgument { case text, json }
