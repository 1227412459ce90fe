/// Addresses of which none is part of another, none used in sample documents, and each new for long.
enum ChangeText {
  private static let count = 16 * 150 * 150
  /// A server that is measured again does not see the texts of the time before.
  private static let first = Int.random(in: 0..<count)

  static func address(_ number: Int) -> String {
    let index = (first + number) % count
    return "172.\(16 + index / 22_500).\(100 + index / 150 % 150).\(100 + index % 150)"
  }
}
