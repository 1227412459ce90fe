import EnvoyAPI
import EventLoopGRPC
import NIOCore
import Snapshots

/// Tells load balancers and probes whether proxies can be served.
///
/// The services share one health: not serving before anything is on the board, and when the server
/// stops. Source: gRPC Health Checking Protocol.
struct HealthService: Sendable {
  typealias Request = Grpc_Health_V1_HealthCheckRequest
  typealias Response = Grpc_Health_V1_HealthCheckResponse

  static let name = "grpc.health.v1.Health"

  let board: SnapshotBoard
  let streams: OpenStreams

  /// The methods by their paths.
  var methods: [String: GRPCMethod] {
    [
      "/\(Self.name)/Check": { HealthCheck($0, of: self) },
      "/\(Self.name)/Watch": { HealthWatch($0, of: self) },
    ]
  }

  func response(to request: Request) -> Response {
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

/// Answers once.
private final class HealthCheck: GRPCCallHandler {
  private let call: GRPCCall
  private let service: HealthService

  init(_ call: GRPCCall, of service: HealthService) {
    self.call = call
    self.service = service
  }

  func receive(_ message: ByteBuffer) throws(GRPCStatus) {
    let response = service.response(to: try HealthService.Request(message))
    guard response.status != .serviceUnknown else {
      throw GRPCStatus(.notFound, "There is no service of that name.")
    }
    try call.send(response)
    call.finish()
  }

  func receiveEnd() { call.finish(.noRequest) }

  func sent() {}

  func closed() {}
}

/// Tells the health at once and whenever it changes, to the end of the server.
private final class HealthWatch: GRPCCallHandler {
  private let call: GRPCCall
  private let service: HealthService
  private var request: HealthService.Request?
  private var last: HealthService.Response?
  private var reader: SnapshotBoard.Reader?
  private var end: OpenStreams.ID?

  init(_ call: GRPCCall, of service: HealthService) {
    self.call = call
    self.service = service
    call.sendHead()
  }

  func receive(_ message: ByteBuffer) throws(GRPCStatus) {
    guard request == nil else { return }
    request = try HealthService.Request(message)
    let bound = NIOLoopBound(self, eventLoop: call.eventLoop)
    let wake = { @Sendable in bound.eventLoop.execute { bound.value.tell() } }
    reader = service.board.addReader(wake)
    end = service.streams.add(wake)
    tell()
  }

  private func tell() {
    guard let request, !call.isWriting else { return }
    let response = service.response(to: request)
    let isDrained = service.streams.isDrained
    if response != last { try? call.send(response) }
    last = response
    if isDrained { call.finish(.draining) }
  }

  func receiveEnd() { if request == nil { call.finish(.noRequest) } }

  func sent() { tell() }

  func closed() {
    if let reader { service.board.removeReader(reader) }
    if let end { service.streams.remove(end) }
  }
}

extension GRPCStatus {
  static let noRequest = GRPCStatus(.internalError, "The call ended without a request.")
}
