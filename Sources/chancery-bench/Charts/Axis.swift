import Foundation

/// Where values stand in a picture.
struct Axis: Sendable {
  var name: String
  /// Round values, from the first to the last.
  let ticks: [Double]
  private let isLogarithmic: Bool
  private let start: Double
  private let end: Double
  private let places: (Double, Double)

  /// An axis from 0, or from the least value if it is logarithmic, between two places.
  init(
    _ name: String,
    _ values: [Double],
    isLogarithmic: Bool = false,
    within places: (Double, Double)
  ) {
    self.name = name
    self.isLogarithmic = isLogarithmic
    self.places = places
    let most = max(values.max() ?? 1, .leastNormalMagnitude)
    if isLogarithmic {
      start = max(values.min() ?? 1, .leastNormalMagnitude)
      end = max(most, start * 2)
      ticks = Set(values).sorted()
    } else {
      let step = Self.step(for: most)
      start = 0
      end = (most / step).rounded(.up) * step
      ticks = Array(stride(from: 0, through: end + step / 2, by: step))
    }
  }

  /// Where a value stands, to a tenth.
  subscript(value: Double) -> Double {
    let share =
      isLogarithmic
      ? log(max(value, start) / start) / log(end / start) : (value - start) / (end - start)
    return ((places.0 + share * (places.1 - places.0)) * 10).rounded() / 10
  }

  /// 1, 2 or 5 times a power of ten, of which about five make the value.
  private static func step(for value: Double) -> Double {
    let power = pow(10, floor(log10(value / 5)))
    return [1, 2, 5, 10].map { $0 * power }.first { value / $0 <= 6 } ?? value
  }
}
