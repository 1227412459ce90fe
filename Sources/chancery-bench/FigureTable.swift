import ArgumentParser
import Foundation
import Model

/// How a table of figures is told.
enum TableFormat: String, CaseIterable, ExpressibleByArgument { case text, json, markdown }

/// Named rows of numbers under named columns.
struct FigureTable: Sendable {
  struct Row: Sendable {
    var name: String
    /// One a column; nil where there is none.
    var figures: [Double?]
  }

  var title: String
  var columns: [String]
  var rows: [Row] = []

  mutating func add(_ name: String, _ figures: Double?...) {
    rows.append(Row(name: name, figures: figures))
  }

  /// Adds the median and the longest of what was measured, in milliseconds, and what else there is.
  mutating func add(_ name: String, _ durations: [Duration], _ more: Double?...) {
    let sorted = durations.sorted().map { $0 / .milliseconds(1) }
    rows.append(Row(name: name, figures: [sorted[sorted.count / 2], sorted.last] + more))
  }

  func formatted(_ format: TableFormat) -> String {
    switch format {
    case .text: text
    case .json: json.text + "\n"
    case .markdown: markdown
    }
  }

  var json: JSONValue {
    [
      "title": .string(title),
      "rows": .array(
        rows.map { row in
          var members: [String: JSONValue] = ["name": .string(row.name)]
          for (column, figure) in zip(columns, row.figures) {
            members[column] = figure.map { .number(($0 * 1000).rounded() / 1000) }
          }
          return .object(members)
        }
      ),
    ]
  }

  private var text: String {
    let lines = rows.map { Self.line($0.name, $0.figures.map(Self.cell)) }
    return title + "\n" + ([Self.line("", columns)] + lines).joined()
  }

  private static func line(_ name: String, _ cells: [String]) -> String {
    name.padding(toLength: 36, withPad: " ", startingAt: 0)
      + cells.map { String(repeating: " ", count: max(1, 14 - $0.count)) + $0 }.joined() + "\n"
  }

  private var markdown: String {
    let head = "| | " + columns.joined(separator: " | ") + " |\n"
    let rule = "|---|" + String(repeating: "---:|", count: columns.count) + "\n"
    let lines = rows.map { row in
      "| \(row.name) | " + row.figures.map(Self.cell).joined(separator: " | ") + " |\n"
    }
    return title + "\n\n" + head + rule + lines.joined()
  }

  private static func cell(_ figure: Double?) -> String {
    guard let figure else { return "" }
    return String(format: abs(figure) < 10 ? "%.2f" : "%.0f", figure)
  }
}
