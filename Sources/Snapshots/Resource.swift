import Crypto

/// One encoded xDS resource. It is made once and then shared by every stream.
package final class Resource: Sendable {
  package let key: ResourceKey
  /// The serialized protobuf message, without its `Any` envelope.
  package let body: [UInt8]
  /// A hash of `body`: equal bytes have equal versions, in every process and at every time.
  package let version: ContentHash
  /// What the resource refers to: it is of use to a proxy only together with these.
  ///
  /// An EDS cluster needs its assignment, a listener its route configuration, and a route
  /// configuration the clusters that its routes name.
  package let needs: [ResourceKey]
  /// True for a cluster that a proxy warms by more than its assignment (a health check, a DNS
  /// lookup), so that only the ACK of the response that carried it tells that it is ready.
  package let warmsBeyondAssignment: Bool

  package init(
    _ key: ResourceKey, body: [UInt8], needs: [ResourceKey] = [],
    warmsBeyondAssignment: Bool = false
  ) {
    self.key = key
    self.body = body
    self.version = ContentHash(of: body)
    self.needs = needs
    self.warmsBeyondAssignment = warmsBeyondAssignment
  }

  package var type: ResourceType { key.type }
  package var name: String { key.name }
}

/// A 128-bit hash of a content. Sums of them identify sets, whatever their order.
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
    var halves: [UInt64] = [0, 0]
    for (index, byte) in digest.prefix(16).enumerated() {
      halves[index / 8] = halves[index / 8] << 8 | UInt64(byte)
    }
    self.init(high: halves[0], low: halves[1])
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
