import AdminAPI
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Model
import NIOCore
import Publisher
import Snapshots
import Store
import Testing
import XDSCompiler

/// A served API over a store of its own, which holds every answer to the API's description.
struct API: Sendable {
  let client: any TestClientProtocol
  let store: ConfigStore
  /// What proxies are to have.
  let board: SnapshotBoard
  /// The open streams of proxies.
  let streams: ProxyBoard
  let proxies: ProxyLedger
  let registrations: Registrations
  /// What the router has, as `METHOD /path`.
  let routes: [String]

  /// Serves for as long as `body` runs; the store starts with the gateway `default`.
  static func serve(
    _ setup: TestingSetup = .router,
    allowedHosts: Set<String>? = [],
    requiresAuthentication: Bool = false,
    bodyLimit: Int = 10 << 20,
    logger: Logger = quiet,
    unreadiness: [String] = [],
    prepare: (String) async throws -> Void = { _ in },
    _ body: @Sendable (API) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "chancery.db").path()
    try await prepare(path)
    let (board, streams) = (SnapshotBoard(), ProxyBoard())
    let publisher = Publisher(board: board, logger: quiet)
    let store = try open(path, committed: publisher.publish)
    let registrations = try Registrations(store: store, publisher: publisher, logger: quiet)
    publisher.publish([store.head])
    let proxies = try ProxyLedger(proxies: streams, board: board, store: store, logger: quiet)
    var settings = AdminAPI.Settings(version: "1.2.3")
    settings.allowedHosts = allowedHosts
    settings.requiresAuthentication = requiresAuthentication
    settings.bodyLimit = bodyLimit
    let api = AdminAPI(
      store: store,
      proxies: proxies,
      registrations: registrations,
      settings: settings,
      logger: logger
    ) { unreadiness }
    let router = api.router()
    let routes = router.routes.map { "\($0.method.rawValue) \($0.path)" }
    let application = Application(router: router, services: [proxies], logger: quiet)
    try await application.test(setup) { client in
      try await body(
        API(
          client: client,
          store: store,
          board: board,
          streams: streams,
          proxies: proxies,
          registrations: registrations,
          routes: routes
        )
      )
    }
    try store.close()
  }

  static func open(
    _ path: String,
    committed: @escaping ConfigStore.Committed = { _ in }
  ) throws -> ConfigStore {
    try ConfigStore(
      path: path,
      seed: [(ObjectKey(.gateway, "default"), .gateway(Gateway(port: 8080)))],
      logger: quiet,
      gate: judge,
      committed: committed
    )
  }

  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private static func judge(
    _ change: Change,
    document: Document,
    former: Compilation?
  ) throws(Refusal) -> Compilation {
    try document.check(change)
    guard let former else { return try Compilation(of: document) }
    return try former.following(change, to: document)
  }

  /// The number of the newest revision.
  var revision: Int { store.head.revision.number }

  /// The number of the last posting to proxies.
  var posting: Int? { board.view(of: "*", since: 0)?.posting }

  /// The newest revision's document.
  var document: Document { store.head.document }

  /// Sends a request; a body is JSON unless a header says otherwise.
  @discardableResult
  func send(
    _ method: HTTPRequest.Method,
    _ uri: String,
    _ body: String? = nil,
    headers: HTTPFields = [:]
  ) async throws -> Answer {
    try await send(method, uri, bytes: body.map { Array($0.utf8) }, headers: headers)
  }

  @discardableResult
  func send(
    _ method: HTTPRequest.Method,
    _ uri: String,
    bytes: [UInt8]?,
    headers: HTTPFields = [:]
  ) async throws -> Answer {
    var headers = headers
    if bytes != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
    let response = try await client.executeRequest(
      uri: uri,
      method: method,
      headers: headers,
      body: bytes.map { ByteBuffer(bytes: $0) }
    )
    let answer = Answer(
      status: response.status.code,
      headers: response.headers,
      body: Array(response.body.readableBytesView)
    )
    Description.shared.check(answer, to: method, uri)
    return answer
  }

  /// Sends a request, and records an issue unless it is answered so.
  func expect(
    _ status: Int,
    _ method: HTTPRequest.Method,
    _ uri: String,
    _ body: String? = nil,
    headers: HTTPFields = [:],
    at location: SourceLocation = #_sourceLocation
  ) async throws {
    let answer = try await send(method, uri, body, headers: headers)
    #expect(answer.status == status, "\(answer.text)", sourceLocation: location)
  }
}

/// What a request was answered.
struct Answer: Sendable {
  var status: Int
  var headers: HTTPFields
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  /// The body as JSON; null if it is none.
  var json: JSONValue { (try? JSONValue(json: body)) ?? .null }

  var code: JSONValue? { json["code"] }

  /// The pointers and codes of a problem's errors, as `pointer code`.
  var errors: [String] {
    json["errors"]?.elements.map { error in
      let place = error["pointer"] ?? error["parameter"] ?? error["header"] ?? .null
      return "\(place.string ?? "?") \(error["code"]?.string ?? "?")"
    } ?? []
  }

  subscript(header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }
}

extension JSONValue {
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

  var string: String? { if case .string(let string) = self { string } else { nil } }

  var members: [String: JSONValue] { if case .object(let members) = self { members } else { [:] } }
}
