import ArgumentParser

/// What each measurement of a running server is told.
struct ServerOptions: ParsableArguments {
  @Option(help: "The server's executable. (default: chancery beside this one)")
  var chancery: String?

  @Option(name: .shortAndLong, help: "text, json or markdown.")
  var output = TableFormat.text
}
