import HTTPTypes
import Model
import Publisher
import Testing

/// What the parameters that many operations take make of an example, for each that is described to
/// take them.
///
/// A service that routes refer to is refused to be deleted, however that is asked for.
struct OutcomeTests {
  private static func operations(taking parameter: String) -> [Description.Operation] {
    Description.shared.operations.filter { operation in
      operation.parameters.contains { $0["name"]?.string == parameter }
    }
  }

  private static func serve(
    _ operation: Description.Operation,
    _ body: @Sendable (API, HTTPFields, ExampleCall) async throws -> Void
  ) async throws {
    let call = try #require(ExampleCall.all(of: operation).first)
    try await ExampleCall.serve(for: operation) { api, alice in try await body(api, alice, call) }
  }

  @Test(arguments: operations(taking: "dry_run"))
  func `a dry run is answered with a plan, and is not made`(
    operation: Description.Operation
  ) async throws {
    try await Self.serve(operation) { api, alice, call in
      let before = api.revision
      let answer = try await call.send(to: api, query: "?dry_run=true", headers: alice)
      #expect(answer.status == 200 || answer.code == "conflict", "\(answer.text)")
      #expect(answer["ETag"] == nil)
      #expect(answer["Location"] == nil)
      #expect(answer.json["xds"] != nil || answer.code == "conflict", "\(answer.text)")
      #expect(api.revision == before)
    }
  }

  @Test(arguments: operations(taking: "Prefer"))
  func `a write that a proxy does not have in time is accepted`(
    operation: Description.Operation
  ) async throws {
    try await Self.serve(operation) { api, alice, call in
      _ = FakeProxy(api, "late")
      await api.proxies.catchUp()
      var headers = alice
      headers[.prefer] = "wait=0"
      let answer = try await call.send(to: api, headers: headers)
      #expect(answer.status == 202 || answer.code == "conflict", "\(answer.text)")
    }
  }

  @Test(arguments: operations(taking: "If-Match"))
  func `what has not the tag that is asked for is 412`(
    operation: Description.Operation
  ) async throws {
    try await Self.serve(operation) { api, alice, call in
      let before = api.revision
      var headers = alice
      headers[.ifMatch] = "\"999\""
      let answer = try await call.send(to: api, headers: headers)
      #expect(answer.status == 412, "\(answer.text)")
      #expect(api.revision == before)
    }
  }

  @Test(arguments: operations(taking: "If-None-Match").filter { $0.method == "GET" })
  func `what the client has already is 304`(operation: Description.Operation) async throws {
    try await Self.serve(operation) { api, alice, call in
      var headers = alice
      let read = try await call.send(to: api, headers: alice)
      headers[.ifNoneMatch] = read["ETag"]
      let answer = try await call.send(to: api, headers: headers)
      #expect(answer.status == 304, "\(answer.text)")
    }
  }
}
