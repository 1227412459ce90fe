import AdminClient
import ArgumentParser
import Foundation
import Model

/// How a command reaches the server, and how it speaks to the person or program that runs it.
struct ClientOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where Chancery's API is. Environment: CHANCERY_SERVER. (default: http://127.0.0.1:18001)",
      valueName: "url"
    )
  )
  var server: String?

  @Option(help: "A token to get in with. Environment: CHANCERY_TOKEN.")
  var token: String?

  @Option(
    help: ArgumentHelp(
      "A file with the token. Environment: CHANCERY_TOKEN_FILE.",
      valueName: "file"
    ),
    completion: .file()
  )
  var tokenFile: String?

  @Option(
    help: ArgumentHelp(
      "A PEM file of the authorities that may vouch for the server. Environment: CHANCERY_CA.",
      valueName: "file"
    ),
    completion: .file()
  )
  var ca: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("How to print what the server answers.", valueName: "format")
  )
  var output: OutputFormat?

  /// - Throws: `ValidationError` if the token's file cannot be read.
  var settings: AdminClient.Settings {
    get throws {
      let environment = ProcessInfo.processInfo.environment
      return AdminClient.Settings(
        server: server ?? environment["CHANCERY_SERVER"] ?? "http://127.0.0.1:18001",
        token: try token(environment),
        authorities: ca ?? environment["CHANCERY_CA"]
      )
    }
  }

  private func token(_ environment: [String: String]) throws -> String? {
    if let token { return token }
    guard
      let file = tokenFile
        ?? (environment["CHANCERY_TOKEN"] == nil ? environment["CHANCERY_TOKEN_FILE"] : nil)
    else { return environment["CHANCERY_TOKEN"] }
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw ValidationError("The token's file \(file) cannot be read.")
    }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Sends one call.
  func send(_ call: AdminCall) async throws -> AdminAnswer {
    try await AdminClient.with(settings) { try await $0.send(call) }
  }
}

/// How a command says what it has to say.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument { case text, json, yaml }

extension OutputFormat {
  /// The value in this format, or `text` in none.
  func render(_ value: JSONValue, text: () -> String) -> String {
    switch self {
    case .text: text()
    case .json: String(decoding: value.bytes(pretty: true), as: UTF8.self) + "\n"
    case .yaml: value.yaml
    }
  }
}
