import HTTPTypes
import Model
import Testing

/// The examples of the description: there is one of everything, and each is true.
struct ExampleTests {
  private static let description = Description.shared

  @Test func `each body of a request has an example, and each of an answer`() {
    for operation in Self.description.operations {
      for (type, media) in operation.requests {
        expectExamples(of: media, "\(operation.name) in \(type)")
      }
      for (status, response) in operation.responses {
        for (type, media) in response["content"]?.members ?? [:] {
          expectExamples(of: media, "\(operation.name) \(status) in \(type)")
        }
      }
    }
  }

  private func expectExamples(of media: JSONValue, _ place: String) {
    let examples = Self.description.examples(of: media)
    #expect(!examples.isEmpty, "\(place) has no example")
    for example in examples {
      let schema = media["schema"] ?? .null
      let faults = Schema(document: Self.description.document).faults(of: example.value, by: schema)
      #expect(faults.isEmpty, "\(place): \(example.name)")
    }
  }

  @Test func `each parameter and each header is described, with an example`() {
    for operation in Self.description.operations {
      for parameter in operation.parameters {
        expectExample(of: parameter, "\(operation.name) \(parameter["name"]?.string ?? "?")")
      }
      for (status, response) in operation.responses {
        for (name, header) in response["headers"]?.members ?? [:] {
          let header = Self.description.resolved(header)
          expectExample(of: header, "\(operation.name) \(status) \(name)")
        }
      }
    }
  }

  private func expectExample(of parameter: JSONValue, _ place: String) {
    #expect(parameter["description"]?.string?.isEmpty == false, "\(place) is not described")
    guard let example = Self.description.example(of: parameter) else {
      Issue.record("\(place) has no example")
      return
    }
    let schema = parameter["schema"] ?? .null
    let faults = Schema(document: Self.description.document).faults(of: example, by: schema)
    #expect(faults.isEmpty, "\(place)")
  }

  @Test(arguments: description.operations)
  func `an example is taken, and answered as the description shows`(
    operation: Description.Operation
  ) async throws {
    for call in ExampleCall.all(of: operation) {
      try await ExampleCall.serve(for: operation) { api, alice in
        let answer = try await call.send(to: api, headers: alice)
        #expect(answer.status < 300 || call.body == nil, "\(answer.text)")
        guard let type = answer["Content-Type"] else { return }
        let examples = operation.examples(of: answer.status, in: type)
        let value = answer.value(in: type)?.settled
        #expect(
          examples.contains { $0.isExcerpt || $0.value.settled == value },
          "\(answer.status) \(answer.text)"
        )
      }
    }
  }

  /// Whatever else may be wrong with the call, when one before has made the object already.
  @Test(arguments: description.operations)
  func `each parameter is taken with its example`(operation: Description.Operation) async throws {
    let call = try #require(ExampleCall.all(of: operation).first)
    try await ExampleCall.serve(for: operation) { api, alice in
      for parameter in operation.parameters where parameter["in"] != "path" {
        let name = try #require(parameter["name"]?.string)
        var value = Self.description.example(of: parameter)?.plain ?? ""
        if name == "page_token" {
          value = PageTokens.token(revision: 2, list: operation.examplePath, key: "6")
        }
        var (query, headers) = ("", alice)
        if parameter["in"] == "query" { query = "?\(name)=\(value)" }
        if parameter["in"] == "header" { headers[try #require(HTTPField.Name(name))] = value }
        let answer = try await call.send(to: api, query: query, headers: headers)
        #expect([200, 201, 204, 304, 404, 409, 412].contains(answer.status), "\(name)")
        #expect(!answer.errors.contains { $0.hasPrefix("\(name) ") }, "\(name): \(answer.text)")
      }
    }
  }

  @Test func `the example of a page token is of the first page`() async throws {
    try await ExampleCall.serve(for: nil) { api, alice in
      let answer = try await api.send(.get, "/services?page_size=1", headers: alice)
      let parameters = Self.description.document["components"]?["parameters"]
      #expect(answer.json["next_page_token"] == parameters?["PageToken"]?["example"])
      let headers = Self.description.document["components"]?["headers"]
      #expect(answer["Link"] == headers?["Link"]?["example"]?.string)
    }
  }

  @Test func `no operation takes parameters or bodies that are not described`() async throws {
    try await API.serve { api in
      for operation in Self.description.operations {
        let method = HTTPRequest.Method(operation.method) ?? .get
        let stranger = try await api.send(method, "\(operation.sample)?stranger=1")
        let detail = stranger.json["errors"]?.elements.first?["detail"]?.string ?? ""
        let known = operation.parameters.filter { $0["in"] == "query" }.compactMap {
          $0["name"]?.string
        }
        let hint =
          known.isEmpty
          ? "None is taken here." : "There are: \(known.sorted().joined(separator: ", "))."
        #expect(detail.hasSuffix(hint), "\(operation.name): \(stranger.text)")
        if operation.requests.isEmpty { continue }
        let other = try await api.send(
          method,
          operation.sample,
          "<a/>",
          headers: [.contentType: "text/xml"]
        )
        let types = Set(
          other.json["detail"]?.string?.matches(of: /application\/[a-z+-]+(?= )/)
            .map { String($0.output) } ?? []
        )
        #expect(types == Set(operation.requests.keys), "\(operation.name): \(other.text)")
      }
    }
  }
}

extension Description.Operation: CustomTestStringConvertible {
  var testDescription: String { name }
}
