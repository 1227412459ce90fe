import Foundation

/// Lines through points, as an SVG picture.
struct LineChart: Sendable {
  struct Line: Sendable {
    var name: String
    var points: [(x: Double, y: Double)]
  }

  var title: String
  var x: Axis
  var y: Axis
  var lines: [Line]

  init(_ title: String, x: String, isLogarithmic: Bool = false, y: String, _ lines: [Line]) {
    self.title = title
    let points = lines.flatMap(\.points)
    self.x = Axis(x, points.map(\.x), isLogarithmic: isLogarithmic, within: (70, 610))
    self.y = Axis(y, points.map(\.y), within: (340, 60))
    self.lines = lines
  }

  var svg: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" font-family="sans-serif" \
    font-size="12">
    <rect width="640" height="400" fill="white"/>
    <text x="20" y="24" font-size="13" font-weight="bold">\(title.escaped)</text>
    <text x="340" y="384" text-anchor="middle">\(x.name.escaped)</text>
    <text x="20" y="44">\(y.name.escaped)</text>
    \((grid + lines.indices.map(curve)).joined(separator: "\n"))
    </svg>

    """
  }

  private var grid: [String] {
    let across = y.ticks.map { tick in
      """
      <path d="M70 \(y[tick]) H610" stroke="#ddd"/>
      <text x="64" y="\(y[tick])" dy="4" text-anchor="end">\(tick.short)</text>
      """
    }
    let along = x.ticks.map { tick in
      """
      <path d="M\(x[tick]) 340 v5" stroke="#666"/>
      <text x="\(x[tick])" y="360" text-anchor="middle">\(tick.short)</text>
      """
    }
    return across + along
  }

  private func curve(_ index: Int) -> String {
    let line = lines[index]
    let colors = ["#0b62a4", "#d1495b", "#2e933c", "#8f5bb3", "#b8860b"]
    let color = colors[index % colors.count]
    let points = line.points.map { "\(x[$0.x]),\(y[$0.y])" }.joined(separator: " ")
    let place = 340 + 90 * index
    return """
      <polyline points="\(points)" fill="none" stroke="\(color)" stroke-width="1.5"/>
      <path d="M\(place) 40 h16" stroke="\(color)" stroke-width="3"/>
      <text x="\(place + 20)" y="44">\(line.name.escaped)</text>
      """
  }
}

extension String {
  fileprivate var escaped: String {
    replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
  }
}

extension Double {
  fileprivate var short: String { String(format: "%g", self) }
}
