import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Aggregated discovery by a bare server: what it sends was encoded before, and it keeps nothing of
/// its streams but whether a type was answered.
struct FloorServer: RegistrableRPCService {
  let answers: [ResourceType: [FloorMessage]]
  let streams: FloorStreams

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    for dialect in Dialect.allCases {
      router.registerHandler(
        forMethod: dialect.method,
        deserializer: FloorRequestReader(dialect: dialect),
        serializer: FloorMessageWriter()
      ) { request, _ in
        StreamingServerResponse { writer in
          try await serve(request.messages, writer)
          return [:]
        }
      }
    }
  }

  private func serve(
    _ requests: RPCAsyncSequence<FloorRequest, any Error>,
    _ writer: RPCWriter<FloorMessage>
  ) async throws {
    let (messages, mailbox) = AsyncStream.makeStream(of: [FloorMessage].self)
    let id = streams.add(mailbox)
    defer { streams.remove(id) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { mailbox.finish() }
        var answered: Set<ResourceType> = []
        for try await request in requests {
          guard let type = request.type, answered.insert(type).inserted else { continue }
          if let answer = answers[type] { mailbox.yield(answer) }
        }
      }
      for await batch in messages { try await writer.write(contentsOf: batch) }
      try await group.waitForAll()
    }
  }
}

extension Dialect {
  fileprivate var method: MethodDescriptor {
    let parts = path.split(separator: "/").map(String.init)
    return MethodDescriptor(fullyQualifiedService: parts[0], method: parts[1])
  }
}
