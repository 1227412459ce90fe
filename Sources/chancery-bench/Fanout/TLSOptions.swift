import ArgumentParser
import NIOSSL

/// Whether the xDS port speaks TLS.
struct TLSOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The CA, in PEM, of the xDS port's certificate, which is to name the host: connects by TLS.",
      valueName: "file"
    )
  )
  var xdsTlsCA: String?

  @Option(
    help: ArgumentHelp(
      "The certificate, for 127.0.0.1, that the chancery which is started is given.",
      valueName: "file"
    )
  )
  var xdsTlsCertificate: String?

  @Option(help: ArgumentHelp("That certificate's private key.", valueName: "file"))
  var xdsTlsKey: String?

  func validate() throws {
    guard (xdsTlsCertificate == nil) == (xdsTlsKey == nil),
      xdsTlsCertificate == nil || xdsTlsCA != nil
    else {
      throw ValidationError("--xds-tls-certificate and --xds-tls-key go together, with a CA.")
    }
  }

  /// What is said to the chancery that is started.
  var flags: [String] {
    guard let xdsTlsCertificate, let xdsTlsKey else { return [] }
    return ["--xds-tls-certificate", xdsTlsCertificate, "--xds-tls-key", xdsTlsKey]
  }

  /// Nil to connect in the clear.
  func context() throws -> NIOSSLContext? {
    guard let xdsTlsCA else { return nil }
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(xdsTlsCA))
    configuration.applicationProtocols = ["h2"]
    return try NIOSSLContext(configuration: configuration)
  }
}
