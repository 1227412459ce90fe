import EnvoyAPI
package import GRPCCore
import Snapshots

/// Tells load balancers and probes whether proxies can be served.
///
/// The services share one health: not serving before anything is on the board, and when the server
/// stops. Source: gRPC Health Checking Protocol.
package struct HealthService: RegistrableRPCService {
  private typealias Request = Grpc_Health_V1_HealthCheckRequest
  private typealias Response = Grpc_Health_V1_HealthCheckResponse

  static let name = "grpc.health.v1.Health"

  private let board: SnapshotBoard
  private let streams: OpenStreams

  init(board: SnapshotBoard, streams: OpenStreams) {
    self.board = board
    self.streams = streams
  }

  /// Makes the methods callable by their names.
  package func registerMethods<Transport: ServerTransport>(
    with router: inout RPCRouter<Transport>
  ) {
    router.registerHandler(
      forMethod: MethodDescriptor(fullyQualifiedService: Self.name, method: "Check"),
      deserializer: MessageCoder<Request>(),
      serializer: MessageCoder<Response>()
    ) { request, _ in
      let request = try await ServerRequest(stream: request)
      return StreamingServerResponse(single: try check(request.message))
    }
    router.registerHandler(
      forMethod: MethodDescriptor(fullyQualifiedService: Self.name, method: "Watch"),
      deserializer: MessageCoder<Request>(),
      serializer: MessageCoder<Response>()
    ) { request, _ in
      StreamingServerResponse { writer in
        try await watch(ServerRequest(stream: request).message, writer)
        return [:]
      }
    }
  }

  private func check(_ request: Request) throws -> ServerResponse<Response> {
    let response = response(to: request)
    guard response.status != .serviceUnknown else {
      throw RPCError(code: .notFound, message: "There is no service of that name.")
    }
    return ServerResponse(message: response)
  }

  /// Sends the health at once and whenever it changes, to the end of the server.
  private func watch(_ request: Request, _ writer: RPCWriter<Response>) async throws {
    try await streams.withSignals { signals, wake in
      let reader = board.addReader(wake)
      defer { board.removeReader(reader) }
      var last: Response?
      for await _ in signals {
        let isDrained = streams.isDrained
        let response = response(to: request)
        if response != last { try await writer.write(response) }
        last = response
        if isDrained { throw RPCError.draining }
      }
    }
  }

  private func response(to request: Request) -> Response {
    var response = Response()
    let isServing = board.snapshots != nil && !streams.isDrained
    if request.service.isEmpty || XDSServices.names.contains(request.service) {
      response.status = isServing ? .serving : .notServing
    } else {
      response.status = .serviceUnknown
    }
    return response
  }
}
