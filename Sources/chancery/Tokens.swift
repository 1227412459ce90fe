import AdminClient
import ArgumentParser
import Foundation
import Model
import Store

struct Tokens: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Say who may call the API.",
    discussion: """
      Works on the database's file (--database), whether Chancery serves it or not; a Chancery that \
      does takes up the change within a second. With --server, or a token to get in with, it asks \
      the server, for which the token must be an admin's.
      """,
    subcommands: [Create.self, List.self, Revoke.self]
  )

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a token, and print it: this once, and never again.",
      discussion: """
        The first token closes the API to all who have none. Revisions have the token's name as \
        their author.
        """
    )

    @Argument(help: "A name for its bearer, such as ci.")
    var name: String

    @Option(help: "viewer reads; editor writes the document too; admin also manages tokens.")
    var role: Role

    @Option(
      help: ArgumentHelp(
        "How long it holds, such as 90d or 12h. (default: for ever)",
        valueName: "time"
      )
    )
    var expires: Lifetime?

    @OptionGroup var place: TokenPlace

    func run() async throws {
      let token = try await place.create(name, role, until: expires?.end(from: Date()))
      Terminal.write(
        (place.client.output ?? .text).render(token) { (token["token"]?.string ?? "") + "\n" }
      )
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the tokens: whose they are, and whether they hold."
    )

    @OptionGroup var place: TokenPlace

    func run() async throws {
      let tokens = try await place.tokens()
      Terminal.write(
        (place.client.output ?? .text).render(["items": .array(tokens)]) {
          tokens.isEmpty
            ? "There are no tokens. Make one by: chancery token create NAME --role admin\n"
            : tokens.map(Self.text).joined()
        }
      )
    }

    private static func text(_ token: JSONValue) -> String {
      let state = token["state"]?.string ?? ""
      let end =
        token["revoked_at"]?.string.map { "revoked \($0)" }
        ?? token["expires_at"]?.string.map { "\(state == "expired" ? "expired" : "until") \($0)" }
      let fields = [
        token["name"]?.string, token["role"]?.string,
        Terminal.colored(state, state == "active" ? .green : .faint), end,
        "made \(token["created_at"]?.string ?? "") by \(token["created_by"]?.string ?? "")",
      ]
      return fields.compactMap(\.self).joined(separator: "  ") + "\n"
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End a token now.",
      discussion:
        "Once no token is left, anybody can call, unless serve has --require-authentication."
    )

    @Argument(help: "The token's name.")
    var name: String

    @OptionGroup var place: TokenPlace

    func run() async throws {
      try await place.revoke(name)
      Terminal.write(
        (place.client.output ?? .text).render(["name": .string(name), "state": "revoked"]) {
          "Revoked the token \(name).\n"
        }
      )
    }
  }
}

extension Role: ExpressibleByArgument {}

/// How long a token holds.
struct Lifetime: ExpressibleByArgument {
  private let span: TimeSpan

  /// nil unless the text is days, as in `90d`, or a length of time in hours and less.
  init?(argument: String) {
    let days = argument.hasSuffix("d") ? Int(argument.dropLast()) : nil
    guard let span = days.flatMap(Self.span) ?? TimeSpan(argument), span > .seconds(0) else {
      return nil
    }
    self.span = span
  }

  private static func span(days: Int) -> TimeSpan? {
    (1...36_500).contains(days) ? .hours(days * 24) : nil
  }

  func end(from now: Date) -> Date { now.addingTimeInterval(Double(span.milliseconds) / 1000) }
}
