import Foundation
import Model

/// How an Envoy connects to Chancery by TLS; all files are PEM, on the proxy's machine.
package struct EnvoyBootstrapTLS: Sendable {
  /// The CAs of which one must have signed Chancery's certificate.
  package var ca: String
  /// The proxy's certificate, and after it those that lead to its CA; nil shows none.
  package var certificate: String?
  /// The private key of that certificate.
  package var key: String?
  /// The DNS name or IP address that Chancery's certificate must have; nil is the host connected to.
  package var serverName: String?

  package init(ca: String, certificate: String?, key: String?, serverName: String?) {
    self.ca = ca
    self.certificate = certificate
    self.key = key
    self.serverName = serverName
  }

  /// The end of a cluster of the bootstrap, in YAML.
  ///
  /// Source: Envoy, "TLS transport socket" (UpstreamTlsContext). No SNI for an IP address: RFC 6066,
  /// section 3.
  func transportSocket(to host: String) -> String {
    let name = serverName ?? host
    let isNamed = Endpoint(address: name, port: 1).isNamed
    var lines = [
      "transport_socket:",
      "  name: envoy.transport_sockets.tls",
      "  typed_config:",
      "    \"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
    ]
    if isNamed { lines.append("    sni: \(quoted(name))") }
    lines += ["    common_tls_context:", "      alpn_protocols: [h2]"]
    if let certificate, let key {
      lines += [
        "      tls_certificates:",
        "        - certificate_chain: {filename: \(quoted(absolute: certificate))}",
        "          private_key: {filename: \(quoted(absolute: key))}",
      ]
    }
    lines += [
      "      validation_context:",
      "        trusted_ca: {filename: \(quoted(absolute: ca))}",
      "        match_typed_subject_alt_names:",
      "          - san_type: \(isNamed ? "DNS" : "IP_ADDRESS")",
      "            matcher: {exact: \(quoted(name))}",
    ]
    return lines.map { "      \($0)" }.joined(separator: "\n")
  }

  private func quoted(absolute path: String) -> String {
    quoted(URL(filePath: path).absoluteURL.path(percentEncoded: false))
  }

  /// A JSON string is a YAML string, whatever is in it.
  private func quoted(_ text: String) -> String { JSONValue.string(text).text }
}
