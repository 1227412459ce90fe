import ArgumentParser
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore

/// The bare server, as a process of its own so that what it uses can be told.
struct FloorServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "floor-server",
    abstract: "Serves recorded answers; each line of input is a change.",
    shouldDisplay: false
  )

  @Argument(help: "What was recorded.")
  var recorded: String

  func run() async throws {
    FileLimit.raise()
    let data = try Data(contentsOf: URL(fileURLWithPath: recorded))
    let recorded = try PropertyListDecoder().decode(RecordedAnswers.self, from: data)
    let streams = FloorStreams(recorded)
    let server = FloorServer(answers: recorded.messages, streams: streams)
    let transport = HTTP2ServerTransport.Posix(
      address: .ipv4(host: "127.0.0.1", port: 0),
      transportSecurity: .plaintext,
      config: .defaults { config in
        config.rpc.maxRequestPayloadSize = 64 << 20
        config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .milliseconds(500)
        config.connection.keepalive.clientBehavior.allowWithoutCalls = true
        config.channelDebuggingCallbacks.onBindTCPListener = {
          $0.setOption(.backlog, value: 4096)
        }
      }
    )
    Thread.detachNewThread {
      while let line = readLine() { streams.send(line) }
      // Whoever started it is gone.
      Foundation.exit(0)
    }
    try await withThrowingTaskGroup { group in
      group.addTask { try await GRPCServer(transport: transport, services: [server]).serve() }
      if let address = try await transport.listeningAddress.ipv4 {
        Terminal.write("xDS listens on \(address.host):\(address.port)\n")
      }
      try await group.waitForAll()
    }
  }
}

extension RecordedAnswers {
  fileprivate var messages: [ResourceType: [FloorMessage]] {
    let pairs = first.compactMap { name, messages in
      ResourceType(rawValue: name).map { ($0, messages.map { FloorMessage($0) }) }
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }
}
