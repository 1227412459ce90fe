import HTTPTypes
import Model
import Publisher
import Snapshots
import Store
import Testing

@testable import AdminAPI

/// The problems of the description: it has those that there are, and its examples are what is
/// answered.
struct ProblemExampleTests {
  private static let description = Description.shared

  /// Those of paths and methods that are not described.
  private static let placeless: Set<Problem.Code> = [.noSuchPath, .methodNotAllowed]

  private static func example(of code: Problem.Code) -> JSONValue? {
    description.document["components"]?["examples"]?.members.values
      .compactMap { $0["value"] }.first { $0["code"]?.string == code.rawValue }
  }

  private static func codes(of schema: String) -> Set<String?> {
    let properties = description.document["components"]?["schemas"]?[schema]?["properties"]
    return Set(properties?["code"]?["enum"]?.elements.map(\.string) ?? [])
  }

  @Test func `the codes of problems and of their errors are described, and no others`() {
    #expect(Self.codes(of: "Problem") == Set(Problem.Code.allCases.map(\.rawValue)))
    #expect(Self.codes(of: "Flaw") == Set(Fault.Code.allCases.map(\.rawValue)))
  }

  @Test(arguments: Problem.Code.allCases)
  func `a code has an example, where it is answered`(code: Problem.Code) throws {
    let example = try #require(Self.example(of: code))
    #expect(example["type"]?.string == "urn:chancery:problem:\(code.rawValue)")
    #expect(example["title"]?.string == code.title)
    #expect(example["status"] == .integer(Int64(code.status.code)))
    if Self.placeless.contains(code) {
      let text = Self.description.document["info"]?["description"]?.string ?? ""
      #expect(text.contains("\(code.status.code) `\(code.rawValue)`"))
      return
    }
    let answers = Self.description.operations.flatMap { operation in
      operation.examples(of: code.status.code, in: "application/problem+json")
    }
    #expect(answers.contains { $0.value == example })
  }

  @Test func `an answer's examples are of its status, and of the codes that it names`() {
    for operation in Self.description.operations {
      for (status, response) in operation.responses where status >= 400 {
        let text = response["description"]?.string ?? ""
        for example in operation.examples(of: status, in: "application/problem+json") {
          let place = "\(operation.name) \(status): \(example.name)"
          #expect(example.value["status"] == .integer(Int64(status)), "\(place)")
          #expect(text.contains("`\(example.value["code"]?.string ?? "?")`"), "\(place)")
        }
      }
    }
  }

  /// What is answered so once all is there that the examples name.
  private static let calls: [(Problem.Code, HTTPRequest.Method, String, String?, HTTPFields)] = [
    (.malformedBody, .put, "/config", "{", [:]),
    (.malformedRequest, .get, "/gateways/%ff", nil, [:]),
    (.unauthenticated, .get, "/config", nil, [.authorization: "Bearer x"]),
    (.crossSite, .put, "/services/a", "{}", [.secFetchSite: "cross-site"]),
    (.notFound, .get, "/services/order-service", nil, [:]),
    (.noSuchRevision, .get, "/revisions/9", nil, [:]),
    (.noSuchPath, .get, "/service", nil, [:]),
    (.methodNotAllowed, .delete, "/config", nil, [:]),
    (.notAcceptable, .get, "/services", nil, [.accept: "text/html"]),
    (.exists, .post, "/services", #"{"name": "user-service"}"#, [:]),
    (.conflict, .delete, "/services/user-service", nil, [:]),
    (.expectationFailed, .put, "/services/a", "{}", [.expect: "a miracle"]),
    (.preconditionFailed, .delete, "/routes/users", nil, [.ifMatch: "\"2\""]),
    (.bodyTooLarge, .put, "/config", String(repeating: " ", count: 10 << 20 + 1), [:]),
    (.unsupportedMediaType, .put, "/config", "<a/>", [.contentType: "text/xml"]),
    (.misdirected, .get, "http://example.com/config", nil, [:]),
    (
      .invalid, .put, "/routes/users",
      #"{"match": {"prefix": "users"}, "service": "user-service", "timeout": "5"}"#, [:]
    ),
  ]

  @Test(arguments: calls)
  func `a problem is told as its example shows`(
    code: Problem.Code,
    method: HTTPRequest.Method,
    uri: String,
    body: String?,
    headers: HTTPFields
  ) async throws {
    try await ExampleCall.serve(for: nil) { api, alice in
      var all = alice
      for field in headers { all[field.name] = field.value }
      Self.check(try await api.send(method, uri, body, headers: all), code)
    }
  }

  private static func check(_ answer: Answer, _ code: Problem.Code) {
    #expect(answer.status == code.status.code)
    #expect(answer.json.settled == example(of: code)?.settled, "\(answer.text)")
  }

  @Test func `a viewer's write and a reused key are told as their examples show`() async throws {
    try await ExampleCall.serve(for: nil) { api, alice in
      let viewer = try await api.makeToken("viewer", .viewer)
      Self.check(try await api.send(.put, "/services/a", "{}", headers: viewer), .forbidden)
      var headers = alice
      headers[.idempotencyKey] = "k"
      try await api.expect(201, .post, "/services", #"{"name": "a"}"#, headers: headers)
      let reused = try await api.send(.post, "/services", #"{"name": "b"}"#, headers: headers)
      Self.check(reused, .keyReused)
    }
  }

  @Test func `a proxy that is gone is told as its example shows`() async throws {
    try await API.serve { api in
      api.streams.close(FakeProxy(api, "envoy-1").stream)
      await api.proxies.catchUp()
      Self.check(try await api.send(.get, "/proxies/envoy-1/config"), .offline)
    }
  }

  @Test func `a process that cannot serve tells it as the examples show`() async throws {
    try await API.serve(unreadiness: ["xDS does not listen yet."]) { api in
      Self.check(try await api.send(.get, "/readyz"), .notReady)
      try api.store.close()
      Self.check(try await api.send(.put, "/services/a", "{}"), .unavailable)
      Self.check(try await api.send(.get, "/revisions"), .internalError)
    }
  }
}

extension HTTPField.Name {
  fileprivate static var secFetchSite: Self { Self("Sec-Fetch-Site") ?? .via }
}
