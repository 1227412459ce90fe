/// A length of time in whole milliseconds, written as in `250ms`, `5s` or `1m30s`.
package struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var milliseconds: Int

  package init(milliseconds: Int) { self.milliseconds = milliseconds }
  /// That many seconds.
  package static func seconds(_ count: Int) -> TimeSpan { TimeSpan(milliseconds: count * 1000) }
  /// That many hours.
  package static func hours(_ count: Int) -> TimeSpan { seconds(count * 3600) }

  private static let units: [(name: String, milliseconds: Int)] = [
    ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// nil unless the text is numbers with units (h, m, s, ms), the larger units first.
  package init?(_ text: String) {
    var rest = text[...]
    var total = 0
    var largest = Int.max
    repeat {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      let letters = rest.dropFirst(digits.count).prefix { $0.isASCII && $0.isLetter }
      // Nine digits of hours are far within Int.
      guard digits.count <= 9, let count = Int(digits),
        let unit = Self.units.first(where: { $0.name == letters }), unit.milliseconds < largest
      else { return nil }
      largest = unit.milliseconds
      total += count * unit.milliseconds
      rest = rest.dropFirst(digits.count + letters.count)
    } while !rest.isEmpty
    milliseconds = total
  }

  /// The shortest text of the same length of time.
  package var description: String {
    guard milliseconds > 0 else { return "0s" }
    var rest = milliseconds
    return Self.units.reduce(into: "") { text, unit in
      let (count, remainder) = rest.quotientAndRemainder(dividingBy: unit.milliseconds)
      if count > 0 { text += "\(count)\(unit.name)" }
      rest = remainder
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}
