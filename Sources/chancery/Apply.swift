import AdminClient
import ArgumentParser
import Model

struct Apply: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write what a file says to the document, as one revision.",
    discussion: """
      Each object in the file is replaced as a whole, so that a field taken out of the file goes. \
      Objects that are not in it stay, unless --prune is given.

      chancery apply -f gateway.yaml --message "Add the orders service"
      chancery apply -f folder/ --prune --wait 30s
      chancery export | sed s/10.0.0.1/10.0.0.9/ | chancery apply -f -

      Exit status: 0 done, 2 wrong usage, 3 not allowed, 4 conflict, 5 not valid, 6 a proxy \
      rejected the revision, 7 not every proxy had it in time, 8 no server, 1 any other failure. \
      With 6 and 7 the revision is committed all the same.
      """
  )

  @OptionGroup var client: ClientOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var document: DocumentOptions

  func run() async throws {
    let call = write.applied(to: try document.call())
    let progress = write.wait.map { _ in "Waiting for the proxies" }
    let answer = try await Terminal.showingProgress(progress) { try await client.send(call) }
    let report = WriteReport(answer: answer, isDryRun: write.dryRun)
    report.tell(client.output ?? .text)
    try report.check()
  }
}

/// Which files make the document, and what they mean for what is not in them.
struct DocumentOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A YAML or JSON file, a folder of such, or - for standard input. Can be given several times.",
      valueName: "path"
    ),
    completion: .file()
  )
  var file: [String] = []

  @Flag(
    help:
      "Remove objects that are not in the file, of each section that it has: services: {} removes all."
  )
  var prune = false

  func call() throws -> AdminCall {
    if file.isEmpty { throw ValidationError("Name a file with -f; - is standard input.") }
    let content = try DocumentFiles(file).read()
    return AdminCall("PUT", prune ? "/config" : "/config?prune=false", content)
  }
}
