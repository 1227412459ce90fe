/// What a response says at its top level, in either dialect.
struct DiscoveryAnswer {
  /// Nil if it is none that was asked for.
  var type: ResourceType?
  var version: [UInt8] = []
  var nonce: [UInt8] = []
  var resourceCount = 0
  var removed: [String] = []
  /// From the first resource to the last.
  var resources: UnsafeRawBufferPointer

  /// Its parts are valid as long as the message is.
  init(_ message: UnsafeRawBufferPointer) {
    resources = UnsafeRawBufferPointer(rebasing: message[..<0])
    var first: UnsafeRawPointer?
    for field in ProtobufFields(message) {
      switch field.number {
      case 1: version = Array(field.content)
      case 2:
        resourceCount += 1
        first = first ?? field.content.baseAddress
        resources = Self.span(from: first, through: field.content)
      case 4: type = ResourceType(field.content)
      case 5: nonce = Array(field.content)
      case 6: removed.append(field.content.text)
      default: break
      }
    }
  }

  private static func span(
    from start: UnsafeRawPointer?,
    through last: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    guard let start, let end = last.baseAddress else { return last }
    return UnsafeRawBufferPointer(start: start, count: end - start + last.count)
  }
}
