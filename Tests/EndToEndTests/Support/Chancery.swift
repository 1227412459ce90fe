import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// A `chancery serve` of its own process, and calls to its API.
struct Chancery: Sendable {
  let process: ChildProcess
  let adminPort: Int
  let xdsPort: Int

  /// The command, built beside the tests.
  static var program: String {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "chancery").path
  }

  /// Ends it without any warning.
  func kill() async { await process.stop(SIGKILL) }

  /// Calls the API, with a body of JSON unless the headers say otherwise.
  @discardableResult
  func call(
    _ method: Method,
    _ path: String,
    _ json: String? = nil,
    headers: [String: String] = [:]
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(adminPort)\(path)")
    request.method = .RAW(value: method.rawValue.uppercased())
    if let json {
      request.headers.replaceOrAdd(name: "content-type", value: "application/json")
      request.body = .bytes(ByteBuffer(string: json))
    }
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    return try await Answer(HTTPClient.shared.execute(request, timeout: .seconds(30)))
  }

  /// Writes, and expects that it is taken.
  @discardableResult
  func write(_ method: Method, _ path: String, _ json: String? = nil) async throws -> Answer {
    let answer = try await call(method, path, json)
    try #require((200..<300).contains(answer.status), "\(answer.text)")
    return answer
  }

  func post(_ path: String, _ json: String) async throws {
    try await write(.post, path, json)
  }
}

enum Method: String { case get, post, put, patch, delete }

/// An HTTP answer, read to its end.
struct Answer: Sendable {
  var status: Int
  var text: String
  var headers: [String: String]

  init(_ response: HTTPClientResponse) async throws {
    status = Int(response.status.code)
    text = String(buffer: try await response.body.collect(upTo: 64 << 20))
    headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
  }

  /// The revision that was read or made.
  var revision: Int? { headers["chancery-revision"].flatMap { Int($0) } }

  /// A member of a JSON object.
  subscript(member: String) -> Any? {
    let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return object?[member]
  }
}

extension Testbed {
  /// Starts a control plane on the test's database and waits until it is ready; after a former
  /// one it takes that one's ports.
  func startChancery(
    _ flags: [String] = [],
    after former: Chancery? = nil
  ) async throws -> Chancery {
    let chancery = try await launchChancery(flags, after: former)
    try await eventually("chancery is ready") {
      guard chancery.process.isRunning else { return 0 }
      return try await chancery.call(.get, "/readyz").status
    } until: {
      $0 == 200
    }
    return chancery
  }

  /// Starts a control plane and waits for nothing.
  func launchChancery(
    _ flags: [String] = [],
    after former: Chancery? = nil
  ) async throws -> Chancery {
    let adminPort = if let former { former.adminPort } else { try await Ports.free() }
    let xdsPort = if let former { former.xdsPort } else { try await Ports.free() }
    let process = try await ChildProcess.start(
      Chancery.program,
      [
        "serve", "--database", path("chancery.db"),
        "--admin-address", "127.0.0.1:\(adminPort)", "--xds-address", "127.0.0.1:\(xdsPort)",
        "--log-level", "debug",
      ] + flags,
      log: folder.appending(path: "chancery-\(UUID().uuidString.prefix(4)).log")
    )
    atEnd { await process.stop(SIGKILL) }
    return Chancery(process: process, adminPort: adminPort, xdsPort: xdsPort)
  }
}
