import EnvoyAPI
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import SwiftProtobuf

private typealias Request = Envoy_Service_Discovery_V3_DeltaDiscoveryRequest
private typealias Response = Envoy_Service_Discovery_V3_DeltaDiscoveryResponse

/// One delta stream that asks for all clusters and then for all their endpoints.
enum FirstAnswer {
  /// - Returns: When it had all.
  static func time(from port: Int) async throws -> ContinuousClock.Instant {
    try await withGRPCClient(
      transport: .http2NIOPosix(
        target: .ipv4(address: "127.0.0.1", port: port),
        transportSecurity: .plaintext
      )
    ) { client in
      let (requests, continuation) = AsyncStream.makeStream(of: Request.self)
      continuation.yield(request(.clusters))
      var options = CallOptions.defaults
      options.maxResponseMessageBytes = 1 << 30
      return try await client.bidirectionalStreaming(
        request: StreamingClientRequest { writer in
          for await request in requests { try await writer.write(request) }
        },
        descriptor: MethodDescriptor(
          fullyQualifiedService: "envoy.service.discovery.v3.AggregatedDiscoveryService",
          method: "DeltaAggregatedResources"
        ),
        serializer: Coder<Request>(),
        deserializer: Coder<Response>(),
        options: options
      ) { response in
        defer { continuation.finish() }
        return try await read(response.messages, continuation)
      }
    }
  }

  private static func read(
    _ messages: RPCAsyncSequence<Response, any Error>,
    _ requests: AsyncStream<Request>.Continuation
  ) async throws -> ContinuousClock.Instant {
    var missing: Set<String> = []
    for try await message in messages {
      requests.yield(request(acknowledging: message))
      let names = message.resources.map(\.name)
      if message.typeURL == Kind.clusters.rawValue {
        missing.formUnion(names)
        var wish = request(.endpoints)
        wish.resourceNamesSubscribe = names
        requests.yield(wish)
      } else {
        missing.subtract(names)
        if missing.isEmpty { break }
      }
    }
    return .now
  }

  private enum Kind: String {
    case clusters = "type.googleapis.com/envoy.config.cluster.v3.Cluster"
    case endpoints = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"
  }

  private static func request(_ kind: Kind) -> Request {
    var request = Request()
    request.node.id = "bench"
    request.typeURL = kind.rawValue
    return request
  }

  private static func request(acknowledging response: Response) -> Request {
    var request = Request()
    request.typeURL = response.typeURL
    request.responseNonce = response.nonce
    return request
  }
}

private struct Coder<M: Message>: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: M) throws -> Bytes {
    Bytes(try message.serializedBytes() as [UInt8])
  }

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> M {
    try M(serializedBytes: bytes.withUnsafeBytes { Array($0) })
  }
}
