import Model
import Testing

/// Which routes get no requests.
struct HiddenRouteTests {
  /// What a route of that JSON, added as `b`, leaves hidden beside a route `a`.
  private func hidden(_ a: String, _ b: String) throws -> [String] {
    let text = #"{"gateways": {"g": {"port": 80}, "h": {"port": 81}}, "routes": {"a": \#(a)}}"#
    let first = try DocumentSections(JSONValue(json: text))
    var document = Document(first.objects.map { ($0.key, $0.value) })
    let second = try DocumentSections(JSONValue(json: #"{"routes": {"b": \#(b)}}"#))
    let change = document.apply(second.objects.map { ($0.key, $0.value) })
    return document.hiddenRoutes(by: change).map { "\($0.name) by \($0.hidingName) on \($0.host)" }
  }

  private func route(_ match: String, _ rest: String = "") -> String {
    #"{"match": {\#(match)}, "respond": {"status": 200}\#(rest)}"#
  }

  private static let raised = #", "priority": 1"#

  @Test(arguments: [
    (#""prefix": "/""#, raised, #""exact": "/a""#, "", "b by a on *"),
    (#""prefix": "/a""#, raised, #""prefix": "/a/b""#, "", "b by a on *"),
    (#""prefix": "/a/b""#, "", #""prefix": "/a""#, raised, "a by b on *"),
    (#""prefix": "/""#, "", #""regex": "/x.*""#, "", "b by a on *"),
    (
      #""prefix": "/a", "methods": ["GET", "PUT"]"#, "", #""prefix": "/a", "methods": ["GET"]"#, "",
      "b by a on *"
    ),
    (#""prefix": "/a""#, #", "priority": -1"#, #""prefix": "/""#, "", "a by b on *"),
    (#""prefix": "/a""#, raised, #""prefix": "/ab""#, "", ""),
    (#""prefix": "/a""#, "", #""prefix": "/a/b""#, "", ""),
    (#""prefix": "/", "methods": ["GET"]"#, raised, #""exact": "/a""#, "", ""),
    (#""prefix": "/""#, raised + #", "hosts": ["x.org"]"#, #""exact": "/a""#, "", ""),
    (#""prefix": "/""#, raised + #", "gateways": ["g"]"#, #""exact": "/a""#, "", ""),
    (#""prefix": "/""#, raised, #""exact": "/a""#, #", "gateways": ["g"]"#, "b by a on *"),
  ])
  func `a route is hidden by one before it that takes all of its requests`(
    a: String,
    restOfA: String,
    b: String,
    restOfB: String,
    expected: String
  ) throws {
    let found = try hidden(route(a, restOfA), route(b, restOfB))
    #expect(found == (expected.isEmpty ? [] : [expected]))
  }
}
