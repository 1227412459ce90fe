import HTTPTypes
import HummingbirdTesting
import Model
import Testing

/// Whatever is sent, the answer is a problem, nothing is stored, and the process lives on.
struct BadInputTests {
  static let nested = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)

  static let noJSON: [[UInt8]] =
    ["", " ", "{", "nonsense", "{\"name\": }", "{\"name\": NaN}", "{'name': 'a'}", "{} {}"]
    .map { Array($0.utf8) }
    + [
      nested, [0xff, 0xfe], Array("{\"name\": \"".utf8) + [0xc3, 0x28] + Array("\"}".utf8),
      [0], Array(String(repeating: "{\"a\":", count: 100_000).utf8),
    ]

  static let writes: [(HTTPRequest.Method, String)] = [
    (.post, "/services"), (.put, "/services/a"), (.patch, "/gateways/default"),
    (.put, "/gateways/default"), (.post, "/routes"), (.put, "/config"), (.patch, "/config"),
  ]

  private static func expectRefusal(
    of bodies: [[UInt8]],
    status: Int,
    type: String = "application/json",
    writes: [(HTTPRequest.Method, String)] = writes
  ) async throws {
    try await API.serve { api in
      for (method, uri) in writes {
        for body in bodies {
          let answer = try await api.send(
            method,
            uri,
            bytes: body,
            headers: [.contentType: type]
          )
          let sent = String(decoding: body.prefix(60), as: UTF8.self)
          #expect(answer.status == status, "\(method) \(uri) \(sent): \(answer.text)")
          #expect(answer["Content-Type"] == "application/problem+json")
        }
      }
      #expect(api.revision == 1)
      try await api.expect(200, .get, "/healthz")
    }
  }

  @Test func `what is not JSON is 400`() async throws {
    try await Self.expectRefusal(of: Self.noJSON, status: 400)
  }

  @Test func `what is not YAML is 400`() async throws {
    let bomb =
      "a: &a [x,x,x,x,x,x,x,x,x]\n"
      + "bcdefghij".map { "\($0): &\($0) [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n" }.joined()
    let bodies = [
      "", "services: [", "a: b: c", "\t- x", bomb, "- &a [*a]", "a: .nan", "--- a\n--- b",
    ]
    try await Self.expectRefusal(
      of: bodies.map { Array($0.utf8) } + [Self.nested, [0xff], [0], [0xc3, 0x28]],
      status: 400,
      type: "application/yaml",
      writes: [(.put, "/config"), (.patch, "/config")]
    )
  }

  @Test(arguments: [
    ("[]", 422), ("[{}]", 422), ("null", 422), ("1", 422), ("\"a\"", 422), ("true", 422),
    ("-0", 422), ("1e400", 400), ("1e999999", 400),
  ])
  func `what is no object is 422, and a number beyond all range is no JSON`(
    body: String,
    status: Int
  ) async throws {
    try await API.serve { api in
      for (method, uri) in Self.writes {
        let answer = try await api.send(method, uri, body)
        #expect(answer.status == status, "\(method) \(uri) \(body): \(answer.text)")
        #expect(answer["Content-Type"] == "application/problem+json")
      }
      #expect(api.revision == 1)
    }
  }

  @Test(
    arguments: [
      #"{"port": 1e300}"#, #"{"port": 99999999999999999999}"#, #"{"port": -1}"#,
      #"{"port": 8080.5}"#, #"{"port": "8080"}"#, #"{"port": [8080]}"#, #"{"port": {}}"#,
      #"{"port": 8081, "fleet": "a\u0000b"}"#, #"{"port": 8081, "address": "a"}"#,
      #"{"port": 8081, "labels": {"": ""}}"#, #"{"port": 8081, "labels": []}"#,
      #"{"port": 8081, "__proto__": 1}"#, #"{"port": 8081, "": 1}"#,
    ]
  )
  func `a member that makes no sense is told`(body: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(.put, "/gateways/other", body)
      #expect(answer.status == 422, "\(answer.text)")
      #expect(api.revision == 1)
    }
  }

  @Test(
    arguments: [
      "/services/%", "/services/%zz", "/services/%ff", "/services/%c3%28", "/services?a=%",
      "/services?%ff=1", "/services/a/endpoints/%80",
    ]
  )
  func `a URL that is not percent-encoded UTF-8 is 400`(uri: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(.get, uri)
      #expect(answer.status == 400)
      #expect(answer.code == "malformed_request")
    }
  }

  @Test(
    arguments: [
      "", "*", "//", "/%2e%2e/services", "/services/../config", "/services/a/b/c/d",
      "/\u{0}", "?", "/?a", "://", "/services;a=b",
    ]
  )
  func `a path that leads nowhere is a problem`(uri: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(.delete, uri)
      #expect([400, 404, 405, 421].contains(answer.status), "\(answer.status)")
      #expect(answer["Content-Type"] == "application/problem+json")
    }
  }

  @Test(
    arguments: [
      "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
      "application/yaml", "application/json; charset=latin1", "", "json",
      "application/problem+json",
    ]
  )
  func `a body of the wrong type is 415 and told the right one`(type: String) async throws {
    try await API.serve { api in
      for body in [#"{"name": "a"}"#, ""] {
        let answer = try await api.send(.post, "/services", body, headers: [.contentType: type])
        #expect(answer.status == 415)
        #expect(answer.json["detail"]?.string?.contains("application/json") == true)
      }
      #expect(api.revision == 1)
    }
  }

  @Test(
    arguments: [
      "application/json", "Application/JSON", "application/json;charset=UTF-8",
      "application/json; charset=\"utf-8\"",
    ]
  )
  func `JSON is taken however it is called`(type: String) async throws {
    try await API.serve { api in
      let answer = try await api.send(
        .post,
        "/services",
        #"{"name": "a"}"#,
        headers: [.contentType: type]
      )
      #expect(answer.status == 201)
    }
  }

  @Test func `a body of exactly the limit is read`() async throws {
    try await API.serve { api in
      let body = [UInt8](repeating: UInt8(ascii: " "), count: (10 << 20) - 2) + Array("{}".utf8)
      let answer = try await api.send(.put, "/services/a", bytes: body)
      #expect(answer.status == 201)
    }
  }

  @Test func `a client that sends too much sees the answer`() async throws {
    try await API.serve(.live, bodyLimit: 1 << 10) { api in
      // More than fits between the two while nobody reads it.
      let body = [UInt8](repeating: UInt8(ascii: " "), count: 12 << 20)
      for _ in 1...2 {
        let answer = try await api.send(.put, "/services/a", bytes: body)
        #expect(answer.status == 413)
        #expect(answer.code == "body_too_large")
      }
      #expect(api.revision == 1)
    }
  }
}
