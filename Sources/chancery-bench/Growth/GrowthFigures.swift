import ArgumentParser

/// Of what there is one more or another one.
enum ChangeKind: String, CaseIterable, ExpressibleByArgument {
  case endpoint, route, service

  func trigger(_ server: SampleServer) -> any ChangeTrigger {
    switch self {
    case .endpoint: EndpointTrigger(server)
    case .route: RouteTrigger(server)
    case .service: ServiceTrigger(server)
    }
  }
}

/// What changes of each kind cost at each size.
struct GrowthFigures: Sendable {
  var sizes: [Int]
  var streams: Int
  /// At each size.
  var changes: [ChangeKind: [ChangeFigures]] = [:]

  func table(_ title: String) -> FigureTable {
    var table = FigureTable(
      title: title,
      columns: ["p50_ms", "p50_ratio", "cpu_ms", "cpu_ratio", "bytes", "bytes_ratio"]
    )
    for kind in ChangeKind.allCases {
      let figures = (changes[kind] ?? []).map(row)
      for (size, row) in zip(sizes, figures) {
        let pairs = zip(row, figures[0]).flatMap { [$0, $0 / $1] }
        table.rows.append(.init(name: "one \(kind), \(size) services", figures: pairs))
      }
    }
    return table
  }

  func chart() -> LineChart {
    let lines = ChangeKind.allCases.map { kind in
      let points = zip(sizes, changes[kind] ?? []).map { size, figures in
        (x: Double(size), y: figures.processorOfOne ?? 0)
      }
      return LineChart.Line(name: kind.rawValue, points: points)
    }
    let title = "A change of one object, \(streams) streams"
    return LineChart(
      title,
      x: "services, and as many routes",
      isLogarithmic: true,
      y: "CPU ms a change",
      lines
    )
  }

  private func row(_ changes: ChangeFigures) -> [Double?] {
    [changes.arrivals.percentile(50), changes.processorOfOne, changes.bytes(ofEach: streams)]
  }
}
