import EnvoyAPI
import EventLoopGRPC
import NIOCore
import Snapshots
import SwiftProtobuf

/// Envoy's client status discovery service (CSDS): what each connected proxy was sent, and what it
/// made of it.
///
/// Source: Envoy, `envoy.service.status.v3.ClientStatusDiscoveryService`.
struct ClientStatusService: Sendable {
  typealias Request = Envoy_Service_Status_V3_ClientStatusRequest
  typealias Response = Envoy_Service_Status_V3_ClientStatusResponse

  static let name = "envoy.service.status.v3.ClientStatusDiscoveryService"

  let board: SnapshotBoard
  let proxies: ProxyBoard
  let streams: OpenStreams

  /// The methods by their paths.
  var methods: [String: GRPCMethod] {
    [
      "/\(Self.name)/FetchClientStatus": { ClientStatusCall($0, of: self, isUnary: true) },
      "/\(Self.name)/StreamClientStatus": { ClientStatusCall($0, of: self, isUnary: false) },
    ]
  }

  func answer(_ request: Request) throws(GRPCStatus) -> Response {
    let filter = try NodeFilter(request.nodeMatchers)
    let connections = proxies.connections.filter { filter.includes($0.node.id) }
    var report = ClientStatusReport(
      snapshots: board.snapshots,
      includesContents: !request.excludeResourceContents
    )
    let proxies = Dictionary(grouping: connections, by: \.node.id).sorted { $0.key < $1.key }
    var response = Response()
    for (_, streams) in proxies { response.config.append(try report.config(of: streams)) }
    return response
  }
}

/// Answers one request, or each until the client has finished or the server stops.
///
/// A report takes long where there are many proxies, and is made elsewhere than on the event loop.
private final class ClientStatusCall: GRPCCallHandler {
  private typealias Answer = Result<[UInt8], GRPCStatus>

  private let call: GRPCCall
  private let service: ClientStatusService
  private let isUnary: Bool
  private var end: OpenStreams.ID?
  private var isAnswering = false
  private var hasEnded = false

  init(_ call: GRPCCall, of service: ClientStatusService, isUnary: Bool) {
    self.call = call
    self.service = service
    self.isUnary = isUnary
    if !isUnary { call.sendHead() }
    end = service.streams.add(call)
  }

  func receive(_ message: ByteBuffer) throws(GRPCStatus) {
    let request = try ClientStatusService.Request(message)
    let bound = NIOLoopBound(self, eventLoop: call.eventLoop)
    isAnswering = true
    call.hold()
    Task { [service] in
      let answer = Answer { () throws(GRPCStatus) in try service.answer(request).bytes }
      bound.eventLoop.execute { bound.value.send(answer) }
    }
  }

  private func send(_ answer: Answer) {
    isAnswering = false
    switch answer {
    case .success(let bytes): call.send(reserving: bytes.count) { $0.writeBytes(bytes) }
    case .failure(let status): return call.finish(status)
    }
    if isUnary || hasEnded { call.finish() } else { call.release() }
  }

  func receiveEnd() {
    hasEnded = true
    if !isAnswering { call.finish(isUnary ? .noRequest : .ok) }
  }

  func sent() {}

  func closed() { if let end { service.streams.remove(end) } }
}
