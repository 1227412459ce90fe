import ArgumentParser
import ControlPlane

struct Chancery: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chancery",
    abstract: "A control plane for API gateways built on Envoy.",
    discussion: """
      Run `chancery serve`, point an Envoy at it with `chancery envoy-bootstrap`, and say by HTTP \
      or with `chancery apply` what the gateway should do.

      For your shell: chancery --generate-completion-script bash (or zsh, or fish).
      """,
    version: chanceryVersion,
    subcommands: [Serve.self, PrintEnvoyBootstrap.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Writing",
        subcommands: [Apply.self, Rollback.self, Revert.self]
      ),
      CommandGroup(
        name: "Reading",
        subcommands: [Diff.self, Export.self, History.self, Show.self, ListProxies.self]
      ),
      CommandGroup(name: "Keeping", subcommands: [Tokens.self, Backup.self, Verify.self]),
    ]
  )
}
