import Crypto

/// A 128-bit hash of a content.
///
/// Sums of them identify sets, whatever their order.
package struct ContentHash: Hashable, Sendable, CustomStringConvertible {
  private var high: UInt64
  private var low: UInt64

  /// The hash of nothing: the sum of an empty set.
  package static let zero = ContentHash(high: 0, low: 0)

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The first half of the bytes' SHA-256.
  package init(of bytes: some Sequence<UInt8>) {
    var hash = SHA256()
    hash.update(data: Array(bytes))
    self.init(hash.finalize())
  }

  private init(_ digest: SHA256.Digest) {
    var halves: (UInt64, UInt64) = (0, 0)
    for (index, byte) in digest.prefix(16).enumerated() {
      if index < 8 {
        halves.0 = halves.0 << 8 | UInt64(byte)
      } else {
        halves.1 = halves.1 << 8 | UInt64(byte)
      }
    }
    self.init(high: halves.0, low: halves.1)
  }

  /// Adds an element to a set's hash; `-=` takes it out again.
  package static func += (left: inout Self, right: Self) {
    left.high &+= right.high
    left.low &+= right.low
  }

  package static func -= (left: inout Self, right: Self) {
    left.high &-= right.high
    left.low &-= right.low
  }

  /// 16 hexadecimal digits: what goes into `version_info`.
  package var description: String {
    let digits = String(high ^ low, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
