import AsyncHTTPClient
import Foundation
import NIOSSL
import TestCertificates

/// The TLS files of a test's control plane.
struct PortTLS: Sendable {
  let certificate: URL
  let key: URL
  let clientCA: URL

  /// Renews the server's certificate: both files are renamed into place, one after the other.
  func renew(_ identity: Identity) throws {
    try identity.write(certificate: certificate, key: key)
  }

  /// Lets proxies of the CA in.
  func trust(_ authority: CertificateAuthority) throws {
    try authority.certificate.write(to: clientCA, atomically: true, encoding: .utf8)
  }

  /// For `chancery serve`, with mutual TLS on the xDS port.
  var xdsFlags: [String] {
    [
      "--xds-tls-certificate", certificate.path, "--xds-tls-key", key.path,
      "--xds-client-ca", clientCA.path,
    ]
  }

  /// For `chancery serve`, with HTTPS on the admin port.
  var adminFlags: [String] {
    ["--admin-tls-certificate", certificate.path, "--admin-tls-key", key.path]
  }
}

extension Testbed {
  /// Writes the files of a control plane whose certificate and clients are of that CA.
  func makeTLS(_ authority: CertificateAuthority) throws -> PortTLS {
    let tls = PortTLS(
      certificate: folder.appending(path: "server.pem"),
      key: folder.appending(path: "server-key.pem"),
      clientCA: folder.appending(path: "client-ca.pem")
    )
    try tls.renew(authority.issue("chancery"))
    try tls.trust(authority)
    return tls
  }

  /// Writes what a proxy needs; returns the flags of `chancery envoy-bootstrap` for it.
  func proxyTLS(
    _ name: String,
    of authority: CertificateAuthority?,
    trusting server: CertificateAuthority
  ) throws -> [String] {
    let ca = folder.appending(path: "\(name)-ca.pem")
    try server.certificate.write(to: ca, atomically: true, encoding: .utf8)
    guard let authority else { return ["--tls-ca", ca.path] }
    let certificate = folder.appending(path: "\(name).pem")
    let key = folder.appending(path: "\(name)-key.pem")
    try authority.issue(name).write(certificate: certificate, key: key)
    return ["--tls-ca", ca.path, "--tls-certificate", certificate.path, "--tls-key", key.path]
  }

  /// Gives a client that trusts that CA and no other.
  func withClient<Value: Sendable>(
    trusting authority: CertificateAuthority,
    _ body: (HTTPClient) async throws -> Value
  ) async throws -> Value {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .certificates(
      try NIOSSLCertificate.fromPEMBytes(Array(authority.certificate.utf8))
    )
    let client = HTTPClient(configuration: HTTPClient.Configuration(tlsConfiguration: tls))
    do {
      let value = try await body(client)
      try await client.shutdown()
      return value
    } catch {
      try await client.shutdown()
      throw error
    }
  }
}
