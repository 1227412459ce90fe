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

  @Test func `every operation is described to refuse what all refuse`() {
    let general: Set = [400, 406, 413, 417, 421, 422, 500]
    for operation in Description.shared.operations {
      let refusals = operation.method == "GET" ? general : general.union([415])
      #expect(
        refusals.subtracting(operation.statuses) == [],
        "\(operation.method) \(operation.path)"
      )
    }
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

  @Test func `every read of the configuration can be of a past revision`() {
    let paths = Description.shared.operations
      .filter { $0.method == "GET" && Self.names($0).contains("at") }.map(\.path)
    let objects = ["gateways", "services", "routes"].flatMap { ["/\($0)", "/\($0)/{name}"] }
    let others = [
      "/config", "/services/{name}/endpoints", "/services/{name}/endpoints/{id}", "/xds/{type}",
    ]
    #expect(paths.sorted() == (objects + others).sorted())
  }

  @Test func `every list comes in pages`() {
    for operation in Description.shared.operations
    where operation.value["operationId"]?.string?.hasPrefix("list") == true {
      let names = Self.names(operation)
      #expect(names.contains("page_size") && names.contains("page_token"), "\(operation.path)")
    }
  }

  @Test func `every PATCH takes a merge patch by its own name and as JSON`() async throws {
    try await API.serve { api in
      for operation in Description.shared.operations where operation.method == "PATCH" {
        for type in ["application/merge-patch+json", "application/json"] {
          let answer = try await api.send(
            .patch,
            operation.sample,
            "{}",
            headers: [.contentType: type]
          )
          #expect([200, 404].contains(answer.status), "\(operation.path) \(type): \(answer.text)")
        }
      }
    }
  }

  @Test func `names of members and parameters are in snake case`() throws {
    let schemas = Description.shared.document["components"]?["schemas"] ?? .null
    let names = Self.properties(schemas) + Description.shared.operations.flatMap(Self.names)
    #expect(names.count > 300)
    for name in names {
      #expect(name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil, "\(name)")
    }
  }

  /// The names of all properties in a schema and those within it.
  private static func properties(_ value: JSONValue) -> [String] {
    value.elements.flatMap(properties)
      + value.members.filter { !["examples", "example"].contains($0.key) }.flatMap { key, member in
        (key == "properties" ? Array(member.members.keys) : []) + properties(member)
      }
  }

  /// The names of an operation's parameters in the query.
  private static func names(_ operation: Description.Operation) -> [String] {
    operation.parameters.filter { $0["in"] == "query" }.compactMap { $0["name"]?.string }
  }
}

extension Description.Operation {
  /// A path of the operation, to things that need not exist.
  var sample: String {
    path.replacing("{name}", with: "a").replacing("{id}", with: "10.0.0.1:80")
      .replacing("{number}", with: "1").replacing("{type}", with: "clusters")
  }
}
