import Foundation
import NIOSSL

/// The PEM files that a port's TLS is made of.
package struct TLSFiles: Hashable, Sendable {
  /// The server's certificate, and after it those that lead to its CA.
  package var certificate: String
  /// The private key of the first certificate, without a passphrase.
  package var key: String
  /// The CAs of which one must have signed a client's certificate; nil lets clients in without.
  package var clientCA: String?

  package init(certificate: String, key: String, clientCA: String? = nil) {
    self.certificate = certificate
    self.key = key
    self.clientCA = clientCA
  }

  /// What stood in the files at one time.
  struct Content: Equatable, Sendable {
    var certificate: [UInt8]
    var key: [UInt8]
    var clientCA: [UInt8]?
  }

  func read() throws(TLSFault) -> Content {
    try Content(
      certificate: bytes(.certificate, certificate),
      key: bytes(.key, key),
      clientCA: clientCA.map { path throws(TLSFault) in try bytes(.clientCA, path) }
    )
  }

  private func bytes(_ part: TLSFault.Part, _ path: String) throws(TLSFault) -> [UInt8] {
    var isFolder = ObjCBool(false)
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw TLSFault(part, "\(path) is a folder; it must be a file.")
    }
    if path.isEmpty { throw TLSFault(part, "It must name a file.") }
    do {
      return Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw TLSFault(part, "\(path) cannot be read: \(error.localizedDescription)")
    }
  }
}

/// Why no TLS can be made of a port's files, in a sentence that says what to do.
struct TLSFault: Error, Equatable, CustomStringConvertible {
  enum Part: Equatable { case certificate, key, clientCA }

  var part: Part
  var description: String

  init(_ part: Part, _ description: String) {
    self.part = part
    self.description = description
  }
}

extension TLSFiles {
  /// What connections need: TLS 1.2 or newer, and the client's certificate if there is a CA for it.
  ///
  /// The protocols are those of ALPN, the best first.
  func context(of content: Content, protocols: [String]) throws(TLSFault) -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try certificates(.certificate, certificate, content.certificate)
        .map { .certificate($0) },
      privateKey: .privateKey(try privateKey(content.key))
    )
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = protocols
    if let clientCA, let authorities = content.clientCA {
      configuration.trustRoots = .certificates(
        try certificates(.clientCA, clientCA, authorities)
      )
      configuration.sendCANameList = true
      // A server does not know what its clients are called.
      configuration.certificateVerification = .noHostnameVerification
    }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch NIOSSLError.failedToLoadPrivateKey {
      throw TLSFault(
        .key,
        """
        \(key) does not fit \(certificate). It must be the private key of the first certificate \
        there, which is the server's own.
        """
      )
    } catch {
      throw TLSFault(.certificate, "\(certificate) cannot be used: \(error)")
    }
  }

  private func certificates(
    _ part: TLSFault.Part,
    _ path: String,
    _ pem: [UInt8]
  ) throws(TLSFault) -> [NIOSSLCertificate] {
    let certificates = try? NIOSSLCertificate.fromPEMBytes(pem)
    if let certificates, !certificates.isEmpty { return certificates }
    throw TLSFault(
      part,
      "\(path) has no certificate in PEM (\"-----BEGIN CERTIFICATE-----\"), or a damaged one."
    )
  }

  private func privateKey(_ pem: [UInt8]) throws(TLSFault) -> NIOSSLPrivateKey {
    let text = String(decoding: pem, as: UTF8.self)
    // Of PKCS #8 (RFC 7468, section 11) and of the older form (RFC 1421, section 4.6.1.1).
    if text.contains("ENCRYPTED") {
      throw TLSFault(
        .key,
        """
        \(key) is encrypted with a passphrase, which nobody could type. Store it without: \
        openssl pkey -in \(key) -out NEW-FILE
        """
      )
    }
    if let key = try? NIOSSLPrivateKey(bytes: pem, format: .pem) { return key }
    throw TLSFault(
      .key,
      "\(key) has no private key in PEM (\"-----BEGIN PRIVATE KEY-----\"), or a damaged one."
    )
  }
}
