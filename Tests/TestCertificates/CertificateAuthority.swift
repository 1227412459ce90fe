import Crypto
import CryptoExtras
package import Foundation
import SwiftASN1
import X509

/// A certificate and its private key, in PEM.
package struct Identity: Sendable {
  package var certificate: String
  package var key: String

  /// Writes both as they would be renewed: each file is renamed into place.
  package func write(certificate certificateFile: URL, key keyFile: URL) throws {
    try certificate.write(to: certificateFile, atomically: true, encoding: .utf8)
    try key.write(to: keyFile, atomically: true, encoding: .utf8)
  }
}

/// Makes certificates for tests; no machine trusts it but those that a test tells to.
package struct CertificateAuthority: Sendable {
  /// The kinds of keys that a certificate can have.
  package enum KeyKind: CaseIterable, Sendable { case p256, rsa }

  /// Its own certificate, in PEM.
  package let certificate: String
  private let name: DistinguishedName
  private let key: Certificate.PrivateKey

  /// A root.
  package init(_ name: String) throws {
    self.name = try .named(name)
    key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    certificate = try Self.sign(
      self.name,
      key.publicKey,
      by: (self.name, key),
      isAuthority: true
    ).serializeAsPEM().pemString
  }

  private init(
    name: DistinguishedName,
    key: Certificate.PrivateKey,
    certificate: String
  ) {
    self.name = name
    self.key = key
    self.certificate = certificate
  }

  /// One that this one vouches for.
  package func intermediate(_ name: String) throws -> CertificateAuthority {
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let name = try DistinguishedName.named(name)
    let certificate = try Self.sign(
      name,
      key.publicKey,
      by: (self.name, self.key),
      isAuthority: true
    )
    return CertificateAuthority(
      name: name,
      key: key,
      certificate: try certificate.serializeAsPEM().pemString
    )
  }

  /// Makes a certificate for a server at 127.0.0.1 or `localhost`, or for a client.
  package func issue(
    _ name: String,
    keyKind: KeyKind = .p256,
    until end: Date = Date(timeIntervalSinceNow: 86_400)
  ) throws -> Identity {
    let key = try Certificate.PrivateKey(keyKind)
    let certificate = try Self.sign(
      .named(name),
      key.publicKey,
      by: (self.name, self.key),
      until: end
    )
    return Identity(
      certificate: try certificate.serializeAsPEM().pemString,
      key: try key.serializeAsPEM().pemString
    )
  }

  private static func sign(
    _ subject: DistinguishedName,
    _ key: Certificate.PublicKey,
    by issuer: (name: DistinguishedName, key: Certificate.PrivateKey),
    isAuthority: Bool = false,
    until end: Date = Date(timeIntervalSinceNow: 86_400)
  ) throws -> Certificate {
    try Certificate(
      version: .v3,
      serialNumber: Certificate.SerialNumber(),
      publicKey: key,
      notValidBefore: Date(timeIntervalSinceNow: -86_400),
      notValidAfter: end,
      issuer: issuer.name,
      subject: subject,
      extensions: Certificate.Extensions {
        if isAuthority {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
          Critical(KeyUsage(keyCertSign: true))
        } else {
          Critical(BasicConstraints.notCertificateAuthority)
          SubjectAlternativeNames([
            .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
          ])
        }
      },
      issuerPrivateKey: issuer.key
    )
  }
}

extension DistinguishedName {
  fileprivate static func named(_ name: String) throws -> DistinguishedName {
    try DistinguishedName { CommonName(name) }
  }
}

extension Certificate.PrivateKey {
  fileprivate init(_ kind: CertificateAuthority.KeyKind) throws {
    switch kind {
    case .p256: self.init(P256.Signing.PrivateKey())
    case .rsa: self.init(try _RSA.Signing.PrivateKey(keySize: .bits2048))
    }
  }
}
