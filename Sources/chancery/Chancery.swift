import ArgumentParser
import ControlPlane

struct Chancery: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chancery",
    abstract: "A control plane for API gateways built on Envoy.",
    discussion: """
      Run `chancery serve`, point an Envoy at it with `chancery envoy-bootstrap`, and say by HTTP \
      or with `chancery apply` what the gateway should do.

      Exit status: 0 done, 1 diff found a difference, or any other failure, 2 wrong usage, \
      3 not allowed, 4 not found or a conflict, 5 not valid, 6 a proxy rejected it, 7 waited in \
      vain, 8 no server.

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
        subcommands: [
          Diff.self, Export.self, History.self, Show.self, ListProxies.self, Ready.self,
        ]
      ),
      CommandGroup(name: "Keeping", subcommands: [Tokens.self, Backup.self, Verify.self]),
    ]
  )
}
