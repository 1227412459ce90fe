import ArgumentParser
import ControlPlane
import Foundation
import Model

struct PrintEnvoyBootstrap: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "envoy-bootstrap",
    abstract: "Print the configuration that connects an Envoy to Chancery.",
    discussion: """
      Needs no running server. Use it as: chancery envoy-bootstrap > envoy.yaml && envoy -c envoy.yaml
      """
  )

  @Option(help: "What tells this proxy from all others. (default: this machine's name)")
  var nodeID: String?

  @Option(help: "The fleet of this proxy: it gets the gateways of its fleet and of \"*\".")
  var fleet = "default"

  @Option(help: "Where Chancery serves xDS, as this proxy reaches it.")
  var xdsAddress = ListenAddress(host: "127.0.0.1", port: 18000)

  @Option(help: "Where Envoy's own admin page listens.")
  var envoyAdminAddress = ListenAddress(host: "127.0.0.1", port: 9901)

  @Option(
    name: .customLong("tls-ca"),
    help: ArgumentHelp(
      "The CA of Chancery's certificate, in PEM: connects by TLS.",
      valueName: "file"
    )
  )
  var tlsCA: String?

  @Option(
    name: .customLong("tls-certificate"),
    help: ArgumentHelp("This proxy's own certificate, in PEM.", valueName: "file")
  )
  var tlsCertificate: String?

  @Option(
    name: .customLong("tls-key"),
    help: ArgumentHelp("The private key of that certificate, in PEM.", valueName: "file")
  )
  var tlsKey: String?

  @Option(
    name: .customLong("tls-server-name"),
    help: """
      The DNS name or IP address that Chancery's certificate has. (default: the host of \
      --xds-address)
      """
  )
  var tlsServerName: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("json or yaml; text is YAML, too.", valueName: "format")
  )
  var output = OutputFormat.yaml

  func validate() throws {
    if (tlsCertificate == nil) != (tlsKey == nil) {
      throw ValidationError("--tls-certificate and --tls-key go together.")
    }
    if tlsCA == nil, tlsCertificate != nil || tlsServerName != nil {
      throw ValidationError("TLS needs --tls-ca: whom to trust.")
    }
    if nodeID == "" { throw ValidationError("--node-id must not be empty.") }
    if fleet.isEmpty { throw ValidationError("--fleet must not be empty.") }
  }

  func run() throws {
    let bootstrap = EnvoyBootstrap(
      nodeID: nodeID ?? ProcessInfo.processInfo.hostName,
      fleet: fleet,
      xdsAddress: xdsAddress,
      adminAddress: envoyAdminAddress,
      tls: tlsCA.map {
        EnvoyBootstrapTLS(
          ca: $0,
          certificate: tlsCertificate,
          key: tlsKey,
          serverName: tlsServerName
        )
      }
    )
    let yaml = bootstrap.yaml
    Terminal.write(
      output == .json ? OutputFormat.json.render(try JSONValue(yaml: yaml.utf8)) { "" } : yaml
    )
  }
}

extension ListenAddress: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
