import Foundation
import Synchronization

/// References by the bytes in which they were found, as thousands of streams are sent the same.
final class ReferenceCache: Sendable {
  private struct Entry {
    var type: ResourceType
    var bytes: [UInt8]
    var references: References
  }

  private let dialect: Dialect
  private let entries = Mutex<[Entry]>([])

  init(_ dialect: Dialect) { self.dialect = dialect }

  func references(in answer: DiscoveryAnswer, of message: UnsafeRawBufferPointer) -> References {
    guard let type = answer.type, answer.resourceCount > 0 else { return References() }
    let known = entries.withLock { entries in
      entries.first { $0.type == type && $0.bytes.isSame(as: answer.resources) }?.references
    }
    if let known { return known }
    let found = References(type, dialect, in: message)
    let entry = Entry(type: type, bytes: Array(answer.resources), references: found)
    entries.withLock { entries in
      entries.insert(entry, at: 0)
      if entries.count > 16 { entries.removeLast() }
    }
    return found
  }
}

extension [UInt8] {
  fileprivate func isSame(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count, let start = other.baseAddress else {
      return isEmpty && other.isEmpty
    }
    return withUnsafeBytes { bytes in
      bytes.baseAddress.map { memcmp($0, start, other.count) == 0 } ?? false
    }
  }
}
