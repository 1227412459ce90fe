import Model
import Testing

/// Routes on one gateway, with a service `s`.
private func document(_ routes: JSONValue) -> JSONValue {
  ["gateways": ["main": ["port": 8080]], "services": ["s": .object([:])], "routes": routes]
}

/// A route that answers with its name.
private func says(_ name: String, _ match: JSONValue, hosts: JSONValue = .null) -> JSONValue {
  ["match": match, "hosts": hosts, "respond": ["status": 200, "body": .string(name)]]
}

@Test func `Envoy puts the new prefix in the old one's place, whole segments kept`() async throws {
  let document = document([
    "strip": ["match": ["prefix": "/api"], "rewrite": ["prefix": "/"], "service": "s"],
    "swap": ["match": ["prefix": "/old"], "rewrite": ["prefix": "/new"], "service": "s"],
    "slash": ["match": ["prefix": "/deep"], "rewrite": ["prefix": "/er/"], "service": "s"],
    "exact": ["match": ["exact": "/here"], "rewrite": ["prefix": "/there"], "service": "s"],
    "add": ["match": ["prefix": "/"], "rewrite": ["prefix": "/v2"], "service": "s"],
  ])
  let rows = [
    ("/api", "/"), ("/api/", "/"), ("/api/x", "/x"), ("/api//x", "/x"), ("/api/x?q=1", "/x?q=1"),
    ("/api?q=1", "/?q=1"), ("/apix", "/v2/apix"), ("/old", "/new"), ("/old/", "/new/"),
    ("/old/x", "/new/x"), ("/oldx", "/v2/oldx"), ("/deep", "/er/"), ("/deep/x", "/er/x"),
    ("/here", "/there"), ("/here?q", "/there?q"), ("/here/x", "/v2/here/x"), ("/", "/v2/"),
    ("/x", "/v2/x"), ("/?q", "/v2/?q"),
  ]
  try await LiveGateway.serving(document) { envoy async throws in
    for (path, seen) in rows {
      let answer = try await envoy.answer(to: path)
      #expect(answer == "a.com " + seen, "\(path)")
    }
  }
}

@Test func `Envoy takes the most specific host, and none but its routes`() async throws {
  let document = document([
    "exact": says("exact", ["prefix": "/x"], hosts: ["a.com"]),
    "wild": says("wild", ["prefix": "/"], hosts: ["*.a.com"]),
    "six": says("six", ["prefix": "/"], hosts: ["[::1]"]),
    "rest": says("rest", ["prefix": "/"]),
  ])
  let rows = [
    ("a.com", "exact"), ("A.com", "exact"), ("a.com:8080", "exact"), ("a.com.", "exact"),
    ("a.com.:8080", "exact"), ("b.a.com:81", "wild"), ("b.a.com.", "wild"), ("[::1]:8080", "six"),
    ("b.com", "rest"),
  ]
  try await LiveGateway.serving(document) { envoy async throws in
    for (host, name) in rows {
      let answer = try await envoy.answer(to: "/x", host: host)
      #expect(answer == name, "\(host)")
    }
    #expect(try await envoy.answer(to: "/y", host: "a.com") == "")
  }
}

@Test func `Envoy sends the client's own Host to the service, its port included`() async throws {
  let document = document(["all": ["match": ["prefix": "/"], "service": "s"]])
  try await LiveGateway.serving(document) { envoy async throws in
    #expect(try await envoy.answer(to: "/", host: "a.com:8080") == "a.com:8080 /")
  }
}

@Test func `Envoy sends a Host to the service without its final dot`() async throws {
  let document = document(["all": ["match": ["prefix": "/"], "service": "s"]])
  try await LiveGateway.serving(document) { envoy async throws in
    #expect(try await envoy.answer(to: "/", host: "a.com.") == "a.com /")
    #expect(try await envoy.answer(to: "/", host: "a.com.:8080") == "a.com:8080 /")
  }
}

@Test func `Envoy tries exact paths, then long prefixes, then patterns`() async throws {
  let document = document([
    "exact": says("exact", ["exact": "/a/b"]), "long": says("long", ["prefix": "/a/b"]),
    "short": says("short", ["prefix": "/a"]), "regex": says("regex", ["regex": "/(a|b)+"]),
  ])
  let rows = [
    ("/a/b", "exact"), ("/a/b/", "long"), ("/a/bc", "short"), ("/a?q=/a/b", "short"),
    ("/ab", "regex"), ("/ac", ""),
  ]
  try await LiveGateway.serving(document) { envoy async throws in
    for (path, name) in rows {
      let answer = try await envoy.answer(to: path)
      #expect(answer == name, "\(path)")
    }
  }
}

@Test func `Envoy takes a route only if method and headers are right`() async throws {
  let document = document([
    "search": says("search", ["prefix": "/", "methods": ["M-SEARCH", "PUT"]]),
    "present": says("present", ["exact": "/x", "headers": [["name": "b", "present": true]]]),
    "absent": says("absent", ["exact": "/x", "headers": [["name": "b", "present": false]]]),
    "host": says("host", ["exact": "/h", "headers": [["name": "host", "prefix": "b."]]]),
  ])
  try await LiveGateway.serving(document) { envoy async throws in
    #expect(try await envoy.answer(to: "/", "-X", "PUT") == "search")
    // Over HTTP/1 Envoy takes only the methods that it knows.
    let rare = try await envoy.answer(to: "/", "-X", "M-SEARCH", "--http2-prior-knowledge")
    #expect(rare == "search")
    #expect(try await envoy.answer(to: "/", "-X", "GET") == "")
    #expect(try await envoy.answer(to: "/x", "-H", "b: 1") == "present")
    #expect(try await envoy.answer(to: "/x") == "absent")
    #expect(try await envoy.answer(to: "/h", host: "b.com") == "host")
  }
}

@Test func `Envoy redirects to what is given, and keeps the rest of the URL`() async throws {
  let document = document([
    "host": ["match": ["prefix": "/"], "redirect": ["host": "2001:db8::1", "port": 81]],
    "path": ["match": ["exact": "/old"], "redirect": ["path": "/new%20", "scheme": "https"]],
  ])
  try await LiveGateway.serving(document) { envoy async throws in
    #expect(try await envoy.answer(to: "/x?q=1") == "http://[2001:db8::1]:81/x?q=1")
    #expect(
      try await envoy.answer(to: "/old", host: "a.com:8080") == "https://a.com:8080/new%20"
    )
  }
}
