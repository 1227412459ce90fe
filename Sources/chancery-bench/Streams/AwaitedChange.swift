import Foundation

/// A change that is on its way, known by bytes that no response had before.
struct AwaitedChange: Sendable {
  var number: Int
  var mark: [UInt8]

  func isIn(_ message: UnsafeRawBufferPointer) -> Bool {
    mark.withUnsafeBytes { mark in
      guard let start = mark.baseAddress, let first = mark.first else { return false }
      var rest = message
      while rest.count >= mark.count, let base = rest.baseAddress,
        let found = memchr(base, Int32(first), rest.count - mark.count + 1)
      {
        if memcmp(found, start, mark.count) == 0 { return true }
        rest = UnsafeRawBufferPointer(rebasing: rest[(UnsafeRawPointer(found) - base + 1)...])
      }
      return false
    }
  }
}
