/// A host and a port to listen on or to connect to, written `HOST:PORT`, an IPv6 host in brackets.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  package var host: String
  /// 0 lets the system choose one.
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// nil unless the text is `HOST:PORT` with a port of 0 to 65535.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port)
    else { return nil }
    var host = text[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    if isBracketed { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, host.contains(":") == isBracketed else { return nil }
    self.init(host: String(host), port: port)
  }

  package var description: String { "\(urlHost):\(port)" }

  /// The host as it stands in a URL (RFC 3986, section 3.2.2).
  var urlHost: String { host.contains(":") ? "[\(host)]" : host }

  /// Whether only programs on this machine can reach it (RFC 1122, section 3.2.1.3; RFC 4291,
  /// section 2.5.3).
  package var isLoopback: Bool {
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    let isIPv4 = octets.count == 4 && octets.allSatisfy { UInt8($0) != nil }
    return host == "localhost" || host == "::1" || isIPv4 && octets.first == "127"
  }

  /// Whether it stands for every address of the machine.
  package var isUnspecified: Bool { host == "0.0.0.0" || host == "::" }
}
