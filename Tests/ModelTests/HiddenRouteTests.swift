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

  private static let oneHeader = #""headers": [{"name": "x", "exact": "1"}]"#
  private static let twoHeaders =
    #""headers": [{"name": "x", "exact": "1"}, {"name": "y", "present": true}]"#

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
    (
      #""exact": "/a", "methods": ["GET", "PUT"]"#, raised, #""exact": "/a", "methods": ["GET"]"#,
      "",
      "b by a on *"
    ),
    (
      #""prefix": "/", \#(oneHeader)"#, raised, #""exact": "/a", \#(twoHeaders)"#, "", "b by a on *"
    ),
    (#""prefix": "/", \#(oneHeader)"#, raised, #""exact": "/a""#, "", ""),
    (#""regex": "/x.*""#, "", #""prefix": "/""#, "", "a by b on *"),
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

  @Test func `of those that hide a changed route the first by name is told`() throws {
    let rivals = #"{"d": \#(all), "c": \#(all)}"#
    #expect(try found(rivals, then: #"{"y": \#(one)}"#) == ["y by c"])
    let longer = route(#""prefix": "/a""#, Self.raised)
    let new = #"{"c": \#(all), "d": \#(longer), "y": \#(one)}"#
    #expect(try found("{}", then: new) == ["y by c"])
  }

  @Test func `an unchanged route is told with each changed one that hides it`() throws {
    let before = #"{"x": \#(one), "y": \#(one.replacing("/a", with: "/b"))}"#
    let after = #"{"c": \#(all), "d": \#(route(#""prefix": "/a""#, Self.raised))}"#
    #expect(try found(before, then: after) == ["x by c", "x by d", "y by c"])
    let narrow = route(#""prefix": "/a", "methods": ["GET"]"#)
    let wide = route(#""prefix": "/a", "methods": ["GET", "PUT"]"#)
    #expect(try found(#"{"m": \#(narrow)}"#, then: #"{"c": \#(wide)}"#) == ["m by c"])
  }

  private var all: String { route(#""prefix": "/""#, Self.raised) }
  private var one: String { route(#""exact": "/a""#) }

  @Test func `there are no more than the limit, and than the effort allows to find`() throws {
    let names = (100..<350).map { #""r\#($0)": \#(route(#""exact": "/\#($0)""#))"# }
    let many = "{\(names.joined(separator: ","))}"
    let all = #"{"all": \#(all)}"#
    #expect(try found(many, then: all).count == 100)
    #expect(try found(all, then: many).count == 100)
    #expect(try found(many, then: all, limit: 300).count == 250)
    #expect((1...50).contains(try found(many, then: all, limit: 300, effort: 50).count))
    #expect((1...50).contains(try found(all, then: many, limit: 300, effort: 50).count))
  }

  private func found(
    _ first: String,
    then second: String,
    limit: Int = 100,
    effort: Int = 100_000
  ) throws -> [String] {
    let before = try DocumentSections(JSONValue(json: #"{"routes": \#(first)}"#))
    var document = Document(before.objects.map { ($0.key, $0.value) })
    let after = try DocumentSections(JSONValue(json: #"{"routes": \#(second)}"#))
    let change = document.apply(after.objects.map { ($0.key, $0.value) })
    return document.hiddenRoutes(by: change, limit: limit, effort: effort)
      .map { "\($0.name) by \($0.hidingName)" }
  }
}
