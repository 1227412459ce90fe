import AdminClient
import ArgumentParser
import Foundation

/// A control plane that runs already, of whatever make.
struct OtherServerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where another control plane serves xDS, in the clear; nothing is started then.",
      valueName: "host:port"
    )
  )
  var xds: String?

  @Option(
    help: ArgumentHelp(
      "A call that makes a change there, which each stream is to receive with an address that is "
        + "new: {address} stands for it here and in the body, {number} for another number each "
        + "time.",
      valueName: "url"
    )
  )
  var triggerURL: String?

  @Option(help: "The call's method.")
  var triggerMethod = "PUT"

  @Option(help: "The call's body.")
  var triggerBody: String?

  @Option(
    help: ArgumentHelp(
      "A header of the call; may be given several times.",
      valueName: "name: value"
    )
  )
  var triggerHeader: [String] = []

  @Option(help: "The id of its process here, to tell what it uses.")
  var pid: Int32?

  @Option(help: "What the streams say as node.cluster.")
  var fleet = ""

  func validate() throws {
    guard (xds == nil) == (triggerURL == nil) else {
      throw ValidationError("--xds and --trigger-url go together.")
    }
    _ = try target
  }

  var target: OtherServer? {
    get throws {
      guard let xds, let triggerURL else { return nil }
      let parts = xds.split(separator: ":")
      guard parts.count == 2, let port = Int(parts[1]) else {
        throw ValidationError("--xds is HOST:PORT.")
      }
      guard let match = triggerURL.wholeMatch(of: /(https?:\/\/[^\/]+)(\/.*)?/) else {
        throw ValidationError("--trigger-url is a URL with http or https.")
      }
      return OtherServer(
        host: String(parts[0]),
        port: port,
        pid: pid,
        base: String(match.output.1),
        path: match.output.2.map(String.init) ?? "/",
        method: triggerMethod,
        headers: try headers,
        body: triggerBody
      )
    }
  }

  private var headers: [String: String] {
    get throws {
      var headers = ["content-type": "application/json"]
      for header in triggerHeader {
        let parts = header.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else {
          throw ValidationError("--trigger-header is NAME: VALUE.")
        }
        headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
      }
      return headers
    }
  }
}

/// A control plane that runs already, and the call that makes a change there.
struct OtherServer {
  var host: String
  var port: Int
  var pid: Int32?
  var base: String
  var path: String
  var method: String
  var headers: [String: String]
  var body: String?

  func with<Value: Sendable>(_ body: (FanoutTarget) async throws -> Value) async throws -> Value {
    try await AdminClient.with(.init(server: base)) { client in
      try await body(
        FanoutTarget(
          name: "server",
          host: host,
          port: port,
          usage: pid.map { ProcessUsage(pid: $0) },
          trigger: CallTrigger(
            client: client,
            method: method,
            path: path,
            headers: headers,
            body: self.body
          )
        )
      )
    }
  }
}
