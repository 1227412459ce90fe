@testable import AdminAPI
import Foundation
import HTTPTypes
import Model
import Store
import Testing

/// What every operation refuses, held to the description: each refusal that it has is given.
struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var status: Int
    var code: JSONValue
    /// Changes a good request into a refused one.
    var spoil: @Sendable (inout Trial) -> Void
    var testDescription: String { "\(code.text)" }
  }

  struct Trial: Sendable {
    var uri: String
    var body: [UInt8]?
    var headers: HTTPFields = [:]
  }

  static let cases = [
    Case(status: 400, code: "malformed_request") { $0.uri += "?a=%zz" },
    Case(status: 406, code: "not_acceptable") { $0.headers[.accept] = "text/html" },
    Case(status: 413, code: "body_too_large") {
      $0.body = [UInt8](repeating: 0x20, count: 10 << 20 | 1)
    },
    Case(status: 417, code: "expectation_failed") { $0.headers[.expect] = "200-maybe" },
    Case(status: 421, code: "misdirected") { $0.uri = "http://evil.example\($0.uri)" },
    Case(status: 422, code: "invalid") { $0.uri += "?bogus=1" },
    Case(status: 403, code: "cross_site") { $0.headers[.origin] = "https://evil.example" },
    Case(status: 415, code: "unsupported_media_type") {
      $0.headers[.contentType] = "application/x-www-form-urlencoded"
    },
    Case(status: 415, code: "unsupported_media_type") {
      $0.headers[.contentEncoding] = "gzip"
      $0.body = $0.body ?? []
      $0.headers[.contentType] = "application/json"
    },
    Case(status: 422, code: "invalid") { $0.headers[.ifMatch] = "5" },
    Case(status: 422, code: "invalid") {
      $0.headers[.chanceryMessage] = String(repeating: "a", count: 1025)
    },
  ]

  @Test(arguments: cases)
  func `every operation that is described to refuse it does, and stores nothing`(
    refusal: Case
  ) async throws {
    try await API.serve { api in
      let before = api.revision
      for operation in Description.shared.operations
      where operation.statuses.contains(refusal.status) && Self.applies(refusal, to: operation) {
        var trial = Trial(uri: operation.sample, body: Self.body(of: operation))
        refusal.spoil(&trial)
        let answer = try await api.send(
          HTTPRequest.Method(operation.method) ?? .get,
          trial.uri,
          bytes: trial.body,
          headers: trial.headers
        )
        let name = "\(operation.method) \(operation.path)"
        #expect(answer.status == refusal.status, "\(name): \(answer.text)")
        #expect(answer.code == refusal.code, "\(name)")
      }
      #expect(api.revision == before)
    }
  }

  /// Headers of writes to the document mean nothing to reads and to registrations.
  private static func applies(_ refusal: Case, to operation: Description.Operation) -> Bool {
    var trial = Trial(uri: "")
    refusal.spoil(&trial)
    if trial.headers[.ifMatch] != nil || trial.headers[.chanceryMessage] != nil {
      return operation.value["parameters"]?.text.contains("/parameters/Message") == true
    }
    return operation.method != "GET" || !trial.uri.isEmpty || trial.headers[.accept] != nil
      || trial.headers[.expect] != nil || (trial.body?.count ?? 0) > 1
  }

  private static func body(of operation: Description.Operation) -> [UInt8]? {
    operation.value["requestBody"].map { _ in Array("{}".utf8) }
  }

  @Test(arguments: Problem.Code.allCases)
  func `every code is in the documentation, beside its status`(code: Problem.Code) throws {
    let page = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/api.md"),
      encoding: .utf8
    )
    let row = page.split(separator: "\n").first { $0.hasPrefix("| \(code.status.code) | ") }
    #expect(row?.contains("`\(code.rawValue)`") == true)
    let codes = Description.shared.document["components"]?["schemas"]?["Problem"]?["properties"]
    #expect(codes?["code"]?["enum"]?.elements.contains(.string(code.rawValue)) == true)
  }

  @Test func `a stopping store is 503, and the write is not made`() async throws {
    try await API.serve { api in
      try api.store.close()
      let answer = try await api.send(.put, "/services/a", "{}")
      #expect(answer.status == 503)
      #expect(answer.code == "unavailable")
    }
  }

  @Test func `what nobody foresaw is 500, and told only to the log`() async throws {
    try await API.serve { api in
      try api.store.close()
      let answer = try await api.send(.get, "/revisions")
      #expect(answer.status == 500)
      #expect(answer.code == "internal")
      #expect(answer.json["detail"] == .string(Problem.unforeseen.detail))
    }
  }

  @Test func `an unknown path is 404 as a problem`() async throws {
    try await API.serve { api in
      let answer = try await api.send(.get, "/nothing/here")
      #expect(answer.status == 404)
      #expect(answer.code == "no_such_path")
      #expect(answer["Content-Type"] == "application/problem+json")
    }
  }

  @Test(
    arguments: [
      ("/services", "GET, HEAD, POST"), ("/services/a", "DELETE, GET, HEAD, PATCH, PUT"),
      ("/config", "GET, HEAD, PATCH, PUT"), ("/revisions/1/rollback", "POST"),
      ("/healthz", "GET, HEAD"),
    ]
  )
  func `a wrong method is 405 and tells the right ones`(path: String, allow: String) async throws {
    try await API.serve { api in
      for method in ["OPTIONS", "TRACE", "QUERY"] {
        let answer = try await api.send(HTTPRequest.Method(method) ?? .trace, path)
        #expect(answer.status == 405)
        #expect(answer["Allow"] == allow)
        #expect(answer.code == "method_not_allowed")
      }
    }
  }

  @Test func `HEAD answers as GET does, without the body`() async throws {
    try await API.serve { api in
      let get = try await api.send(.get, "/gateways/default")
      let head = try await api.send(.head, "/gateways/default")
      #expect(head.status == 200)
      #expect(head["ETag"] == get["ETag"])
      #expect(head.body.isEmpty)
    }
  }
}
