import AdminAPI
import HTTPTypes
import Model
import Testing

struct DescriptionTests {
  @Test func `the router has the operations of the description, and no others`() async throws {
    try await API.serve { api in
      let routed = Set(api.routes)
      let described = Set(Description.shared.operations.map { "\($0.method) \($0.path)" })
      #expect(!described.isEmpty)
      #expect(routed.subtracting(described) == [])
      #expect(described.subtracting(routed) == [])
    }
  }

  @Test func `every operation has an id of its own`() {
    let ids = Description.shared.operations.map { $0.value["operationId"]?.string }
    #expect(Set(ids).count == ids.count)
    #expect(!ids.contains(nil))
  }

  @Test(arguments: ["/openapi.yaml", "/openapi.json"])
  func `the description is served`(path: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(.get, path)
      #expect(answer.status == 200)
      let value = path.hasSuffix("yaml") ? try JSONValue(yaml: answer.body) : answer.json
      #expect(value == Description.shared.document)
    }
  }

  @Test func `every query parameter of the description is taken`() async throws {
    let values = [
      "label": "a=b", "page_size": "5", "prune": "false", "fleet": "east",
      "at": "1", "state": "synced", "ttl": "5s", "from": "1", "dry_run": "true",
    ]
    try await API.serve { api in
      for (operation, name) in Self.parameters {
        let token = PageTokens.token(revision: 1, list: operation.sample, key: "6")
        let value = try #require(name == "page_token" ? token : values[name])
        let answer = try await api.send(
          HTTPRequest.Method(operation.method) ?? .get,
          "\(operation.sample)?\(name)=\(value)",
          operation.method == "GET" ? nil : "{}"
        )
        #expect([200, 404, 422].contains(answer.status), "\(operation.path): \(answer.text)")
        #expect(!answer.errors.contains { $0.hasPrefix("\(name) ") }, "\(answer.text)")
      }
    }
  }

  private static var parameters: [(Description.Operation, String)] {
    Description.shared.operations.flatMap { operation in
      (operation.value["parameters"]?.elements ?? []).map(Description.shared.resolved)
        .filter { $0["in"] == "query" }
        .compactMap { $0["name"]?.string.map { (operation, $0) } }
    }
  }
}

extension Description.Operation {
  /// A path of the operation, to things that need not exist.
  var sample: String {
    path.replacing("{name}", with: "a").replacing("{id}", with: "10.0.0.1:80")
      .replacing("{number}", with: "1").replacing("{type}", with: "clusters")
  }
}
