import ArgumentParser
import Foundation

/// Where a picture of the figures goes.
struct ChartOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Also draw the figures as SVG, into this file.", valueName: "file"))
  var svg: String?

  func write(_ chart: @autoclosure () -> LineChart) throws {
    guard let svg else { return }
    try Data(chart().svg.utf8).write(to: URL(fileURLWithPath: svg))
  }
}
