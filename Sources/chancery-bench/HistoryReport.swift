import Foundation
import Model
import Store

/// What was measured with one history.
struct HistoryFigures: Sendable {
  var revisions: Int
  /// Of the database's file.
  var bytes: Int
  var timings: [HistoryProbes.Named]
  var plans: [QueryPlan]
}

/// The figures of two histories side by side.
struct HistoryReport: Sendable {
  var objects: Int
  var short: HistoryFigures
  var long: HistoryFigures
  var showsPlans: Bool

  private var pairs: [(name: String, short: Timing, long: Timing)] {
    zip(short.timings, long.timings).map { ($1.name, $0.timing, $1.timing) }
  }

  // MARK: In JSON

  var json: JSONValue {
    JSONValue([
      "objects": .integer(Int64(objects)),
      "histories": .array(
        [short, long].map {
          ["revisions": .integer(Int64($0.revisions)), "bytes": .integer(Int64($0.bytes))]
        }
      ),
      "timings": .array(pairs.map(Self.json)),
      "plans": showsPlans ? .array(long.plans.map(Self.json)) : nil,
    ])
  }

  private static func json(_ name: String, _ short: Timing, _ long: Timing) -> JSONValue {
    [
      "name": .string(name),
      "short": json(short),
      "long": json(long),
      "ratio": .number(ratio(short, long)),
    ]
  }

  private static func json(_ timing: Timing) -> JSONValue {
    [
      "median_us": .integer(timing.median.microseconds),
      "max_us": .integer(timing.max.microseconds),
      "results": .number(timing.results),
    ]
  }

  private static func json(_ plan: QueryPlan) -> JSONValue {
    ["sql": .string(plan.sql), "steps": .array(plan.steps.map { .string($0) })]
  }

  private static func ratio(_ short: Timing, _ long: Timing) -> Double {
    let ratio =
      long.median / short.median * Swift.max(short.results, 1) / Swift.max(long.results, 1)
    return (ratio * 100).rounded() / 100
  }

  // MARK: In text

  var text: String {
    let sizes = [short, long].map { "\($0.revisions) revisions (\($0.bytes >> 20) MiB)" }
    let rows = pairs.map { name, short, long in
      Self.row(
        name,
        cells(short) + cells(long) + [String(format: "%.2f", Self.ratio(short, long))]
      )
    }
    let head = [
      "\(objects) objects; \(sizes.joined(separator: " and ")); milliseconds\n",
      Self.row("", ["short", "max", "results", "long", "max", "results", "ratio"]),
    ]
    return (head + rows).joined() + (showsPlans ? planText : "")
  }

  private static func row(_ name: String, _ cells: [String]) -> String {
    name.padding(toLength: 38, withPad: " ", startingAt: 0)
      + cells.map { String(repeating: " ", count: max(1, 9 - $0.count)) + $0 }.joined() + "\n"
  }

  private func cells(_ timing: Timing) -> [String] {
    [timing.median, timing.max].map(Self.milliseconds) + [String(format: "%.0f", timing.results)]
  }

  private static func milliseconds(_ duration: Duration) -> String {
    String(format: "%.2f", duration / .milliseconds(1))
  }

  private var planText: String {
    long.plans.map { plan in
      "\n\(plan.sql)\n" + plan.steps.map { "  -> \($0)\n" }.joined()
    }.joined()
  }
}
