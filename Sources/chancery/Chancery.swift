import ArgumentParser
import ControlPlane

struct Chancery: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chancery",
    abstract: "A control plane for API gateways built on Envoy.",
    discussion: """
      Run `chancery serve`, point an Envoy at it with `chancery envoy-bootstrap`, and say by HTTP \
      what the gateway should do.
      """,
    version: chanceryVersion,
    subcommands: [Serve.self, PrintEnvoyBootstrap.self]
  )
}
