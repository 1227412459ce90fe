import ArgumentParser
import Configuration
import ControlPlane
import Foundation
import Logging

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the control plane.",
    discussion: """
      Each option can also be given as an environment variable (--admin-address as \
      CHANCERY_ADMIN_ADDRESS) or in a YAML file named by --config (admin-address: ...). \
      An option on the command line wins over the environment, and that over the file.

      It stops cleanly on SIGTERM and SIGINT; Envoys keep what they have meanwhile.
      """
  )

  @Option(help: "A YAML file with settings. Environment: CHANCERY_CONFIG.")
  var config: String?

  @Option(help: "The SQLite database; made if there is none. (default: chancery.db)")
  var database: String?

  @Option(
    help: ArgumentHelp(
      "Where the HTTP API listens. (default: 127.0.0.1:18001)",
      valueName: "host:port"
    )
  )
  var adminAddress: String?

  @Option(
    help: ArgumentHelp(
      "Where Envoys connect. (default: 127.0.0.1:18000)",
      valueName: "host:port"
    )
  )
  var xdsAddress: String?

  @Option(
    name: .customLong("xds-tls-certificate"),
    help: ArgumentHelp(
      "The xDS port's certificate in PEM, and those that lead to its CA: turns TLS on.",
      valueName: "file"
    )
  )
  var xdsTLSCertificate: String?

  @Option(
    name: .customLong("xds-tls-key"),
    help: ArgumentHelp("The private key of that certificate, in PEM.", valueName: "file")
  )
  var xdsTLSKey: String?

  @Option(
    name: .customLong("xds-client-ca"),
    help: ArgumentHelp(
      "The CAs of proxies' certificates, in PEM. All these files are read again on change.",
      valueName: "file"
    )
  )
  var xdsClientCA: String?

  @Option(
    name: .customLong("admin-tls-certificate"),
    help: ArgumentHelp("The API's certificate in PEM: turns HTTPS on.", valueName: "file")
  )
  var adminTLSCertificate: String?

  @Option(
    name: .customLong("admin-tls-key"),
    help: ArgumentHelp("The private key of that certificate, in PEM.", valueName: "file")
  )
  var adminTLSKey: String?

  @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
  var logLevel: String?

  @Option(help: "text or json. (default: text)")
  var logFormat: String?

  @Flag(help: "Start a new database without the gateway \"default\" on port 8080.")
  var noDefaultGateway = false

  @Flag(help: "Answer nobody without a token, also before there is one. See: chancery token --help")
  var requireAuthentication = false

  @Flag(help: "Allow addresses that other machines can reach, although anybody can call there.")
  var insecure = false

  @Option(
    help: """
      Another host that requests to the API may name; * is every host, as with \
      --require-authentication.
      """
  )
  var allowedHost: [String] = []

  @Option(
    help: ArgumentHelp(
      "How long a proxy that is gone is remembered, such as 90m. (default: 24h)",
      valueName: "time"
    )
  )
  var proxyRetention: String?

  func run() async throws {
    let settings = try await Settings(
      flags: flags,
      environment: ProcessInfo.processInfo.environment,
      file: config
    )
    let logger = Self.logger(settings)
    logger.info("Starting", metadata: ["version": "\(chanceryVersion)"])
    let controlPlane = try ControlPlane(settings: settings, logger: logger)
    try await controlPlane.run { listener, address in
      let line =
        switch listener {
        case .admin:
          "The API listens on \(settings.adminTLS == nil ? "http" : "https")://\(address)\n"
        case .xds: "xDS listens on \(address)\n"
        }
      FileHandle.standardOutput.write(Data(line.utf8))
    }
    logger.info("Stopped")
  }

  private var flags: [AbsoluteConfigKey: ConfigValue] {
    var flags: [AbsoluteConfigKey: ConfigValue] = [:]
    let texts: [AbsoluteConfigKey: String?] = [
      "database": database,
      "admin-address": adminAddress,
      "xds-address": xdsAddress,
      "xds-tls-certificate": xdsTLSCertificate,
      "xds-tls-key": xdsTLSKey,
      "xds-client-ca": xdsClientCA,
      "admin-tls-certificate": adminTLSCertificate,
      "admin-tls-key": adminTLSKey,
      "log-level": logLevel,
      "log-format": logFormat,
      "proxy-retention": proxyRetention,
    ]
    for (key, text) in texts { flags[key] = text.map(ConfigValue.init(stringLiteral:)) }
    if noDefaultGateway { flags["no-default-gateway"] = true }
    if requireAuthentication { flags["require-authentication"] = true }
    if insecure { flags["insecure"] = true }
    if !allowedHost.isEmpty {
      flags["allowed-host"] = ConfigValue(.stringArray(allowedHost), isSecret: false)
    }
    return flags
  }

  private static func logger(_ settings: Settings) -> Logger {
    var logger = Logger(label: "chancery") { label in
      switch settings.logFormat {
      case .text: StreamLogHandler.standardError(label: label)
      case .json: JSONLogHandler()
      }
    }
    logger.logLevel = settings.logLevel
    return logger
  }
}
