import Foundation

/// Spelling of network addresses.
enum Address {
  /// An IP address in its canonical text, or nil if the text is none.
  ///
  /// An IPv6 address that maps an IPv4 one (RFC 4291, section 2.5.5.2) is that IPv4 address: Envoy
  /// cannot listen on the mapped one, and connects to the same place by either.
  static func ip(_ text: String) -> String? {
    guard let address = literal(text) else { return nil }
    let mapping = "::ffff:"
    guard address.hasPrefix(mapping) else { return address }
    let mapped = String(address.dropFirst(mapping.count))
    return canonical(mapped, family: AF_INET, length: INET_ADDRSTRLEN) ?? address
  }

  /// Whether the IP address is one that nothing can connect to over TCP: multicast, broadcast, or
  /// link-local without the zone that says on which link (RFC 4007, section 6).
  static func isUnreachable(_ address: String) -> Bool {
    var binary = in6_addr()
    if inet_pton(AF_INET, address, &binary) == 1 {
      let first = address.prefix { $0 != "." }
      return address == "255.255.255.255" || Int(first).map((224...239).contains) == true
    }
    guard inet_pton(AF_INET6, address, &binary) == 1 else { return false }
    let (first, second) = withUnsafeBytes(of: binary) { ($0[0], $0[1]) }
    return first == 0xff || first == 0xfe && second & 0xc0 == 0x80
  }

  /// What such an address is, as an error text says it.
  static let unreachable = "it is multicast, broadcast, or link-local without a zone"

  /// An IP address in the canonical text of its own family (RFC 5952 for IPv6).
  private static func literal(_ text: String) -> String? {
    canonical(text, family: AF_INET, length: INET_ADDRSTRLEN)
      ?? canonical(text, family: AF_INET6, length: INET6_ADDRSTRLEN)
  }

  /// An IP address as it stands in a URL: an IPv6 address in brackets, with or without which it may
  /// be given.
  static func host(_ text: String) -> String? {
    if text.hasPrefix("["), text.hasSuffix("]") {
      return literal(String(text.dropFirst().dropLast()))
        .flatMap { $0.contains(":") ? "[\($0)]" : nil }
    }
    return literal(text).map { $0.contains(":") ? "[\($0)]" : $0 }
  }

  /// A DNS name in lower case without a final dot, or nil if the text is none (RFC 1123, with the
  /// underscore that service names use).
  static func dnsName(_ text: String) -> String? {
    // Some letters beyond ASCII are ASCII in lower case.
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    var name = text.lowercased()[...]
    if name.hasSuffix(".") { name.removeLast() }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    guard name.utf8.count <= 253, labels.allSatisfy(isLabel) else { return nil }
    // A last label of digits only would be a mistyped IPv4 address.
    guard let last = labels.last, !last.allSatisfy(\.isNumber) else { return nil }
    return String(name)
  }

  private static func isLabel(_ label: Substring) -> Bool {
    (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
      && label.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
      }
  }

  private static func canonical(_ text: String, family: Int32, length: some BinaryInteger)
    -> String?
  {
    guard !text.utf8.contains(0) else { return nil }
    var binary = in6_addr()
    guard inet_pton(family, text, &binary) == 1 else { return nil }
    var characters = [CChar](repeating: 0, count: Int(length))
    guard inet_ntop(family, &binary, &characters, socklen_t(length)) != nil else { return nil }
    return String(
      decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
      as: UTF8.self
    )
  }
}
