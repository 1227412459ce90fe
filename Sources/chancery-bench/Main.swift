import ArgumentParser

@main
struct ChanceryBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chancery-bench",
    abstract: "Measures Chancery, on databases that it makes for that.",
    discussion: """
      Times mean something from a release build only: swift run -c release chancery-bench history
      """,
    subcommands: [
      FanoutCommand.self, FloorCommand.self, GrowthCommand.self, SoakCommand.self,
      EnvoyCommand.self, WritesCommand.self, ApplyCommand.self, RestartCommand.self,
      HistoryCommand.self, FloorServerCommand.self,
    ]
  )

  static func main() async {
    await StartedProcesses.endOnSignals()
    await main(nil)
  }
}
