import Foundation

/// A change that is on its way, known by a text that no response had before.
struct AwaitedChange: Sendable {
  var number: Int
  var text: [UInt8]

  init(_ number: Int, _ text: String) {
    self.number = number
    self.text = Array(text.utf8)
  }

  func isIn(_ message: UnsafeRawBufferPointer) -> Bool {
    text.withUnsafeBytes { text in
      guard let start = text.baseAddress, let first = text.first else { return false }
      var rest = message
      while rest.count >= text.count, let base = rest.baseAddress,
        let found = memchr(base, Int32(first), rest.count - text.count + 1)
      {
        if memcmp(found, start, text.count) == 0 { return true }
        rest = UnsafeRawBufferPointer(rebasing: rest[(UnsafeRawPointer(found) - base + 1)...])
      }
      return false
    }
  }
}
