@testable import Model
import Testing

/// A document of sections as JSON, without checks between the objects.
private func document(_ json: String) throws -> Document {
  let sections = try DocumentSections(JSONValue(json: json))
  return Document(sections.objects.map { ($0.key, $0.value) })
}

private let base = """
  {"gateways":{"g":{"port":80},"h":{"port":81}},"services":{"s":{},"t":{}},
   "routes":{"r":{"match":{"prefix":"/a"},"service":"s","gateways":["g"]}}}
  """

/// What the check of a merge patch on the base says: "kind: pointer code, …", or "accepted".
private func verdict(on patch: String) throws -> String {
  var document = try document(base)
  let json = document.json
  let after = try DocumentSections(json.merging(JSONValue(json: patch)))
  var edits: [(key: ObjectKey, value: ConfigObject?)] = document.objects.map { ($0.key, nil) }
  edits += after.objects.map { ($0.key, $0.value) }
  let change = document.apply(edits)
  do {
    try document.check(change)
    return "accepted"
  } catch {
    return "\(error.kind): \(described(error.faults).joined(separator: ", "))"
  }
}

private let verdicts = [
  ("{}", "accepted"),
  (#"{"routes":{"r":{"service":"x"}}}"#, "invalid: /routes/r/service unknown_reference"),
  (
    #"{"routes":{"r":{"gateways":["g","x"],"service":null,"backends":[{"service":"s"},{"service":"y"}]}}}"#,
    "invalid: /routes/r/backends/1/service unknown_reference, /routes/r/gateways/1 unknown_reference"
  ),
  (#"{"services":{"t":null}}"#, "accepted"),
  (#"{"gateways":{"h":null}}"#, "accepted"),
  (#"{"services":{"s":null}}"#, "conflict: /routes/r still_referenced"),
  (
    #"{"services":{"s":null},"gateways":{"g":null}}"#,
    "conflict: /routes/r still_referenced, /routes/r still_referenced"
  ),
  (#"{"services":{"s":null},"routes":{"r":null}}"#, "accepted"),
  (#"{"services":{"s":null},"routes":{"r":{"service":"t"}}}"#, "accepted"),
  (#"{"gateways":{"i":{"port":80}}}"#, "conflict: /gateways/i/port port_in_use"),
  (#"{"gateways":{"i":{"port":80,"fleet":"a"}}}"#, "conflict: /gateways/i/port port_in_use"),
  (
    #"{"gateways":{"i":{"port":82,"fleet":"a"},"j":{"port":82,"fleet":"a","address":"::"}}}"#,
    "conflict: /gateways/i/port port_in_use, /gateways/j/port port_in_use"
  ),
  (#"{"gateways":{"i":{"port":82,"fleet":"a"},"j":{"port":82,"fleet":"b"}}}"#, "accepted"),
  (
    #"{"gateways":{"i":{"port":82,"address":"10.0.0.1"},"j":{"port":82,"address":"10.0.0.2"}}}"#,
    "accepted"
  ),
  (
    #"{"gateways":{"i":{"port":82,"address":"10.0.0.1"},"j":{"port":82}}}"#,
    "conflict: /gateways/i/port port_in_use, /gateways/j/port port_in_use"
  ),
  (#"{"gateways":{"g":{"port":81},"h":{"port":80}}}"#, "accepted"),
  (
    #"{"routes":{"q":{"match":{"prefix":"/a/"},"service":"t"}}}"#,
    "conflict: /routes/q ambiguous_route"
  ),
  (
    #"{"routes":{"q":{"match":{"prefix":"/a","headers":[]},"service":"t"}}}"#,
    "conflict: /routes/q ambiguous_route"
  ),
  (#"{"routes":{"q":{"match":{"prefix":"/a"},"service":"t","gateways":["h"]}}}"#, "accepted"),
  (#"{"routes":{"q":{"match":{"prefix":"/a"},"service":"t","hosts":["a"]}}}"#, "accepted"),
  (#"{"routes":{"q":{"match":{"prefix":"/a"},"service":"t","priority":1}}}"#, "accepted"),
  (
    #"{"routes":{"q":{"match":{"prefix":"/a"},"service":"t","priority":0}}}"#,
    "conflict: /routes/q ambiguous_route"
  ),
  (#"{"routes":{"q":{"match":{"exact":"/a"},"service":"t"}}}"#, "accepted"),
  (
    """
    {"routes":{"p":{"match":{"prefix":"/b"},"service":"t","hosts":["a","b"]},
               "q":{"match":{"prefix":"/b"},"service":"s","hosts":["b","c"]}}}
    """,
    "conflict: /routes/p ambiguous_route, /routes/q ambiguous_route"
  ),
]

@Test(arguments: verdicts)
func `a change is checked against the rest of the document`(_ patch: String, _ said: String) throws
{
  #expect(try verdict(on: patch) == said)
}

@Test func `a document's JSON makes the same document`() throws {
  let first = try document(base)
  let second = try document(first.json.text)
  #expect(second.json == first.json)
  #expect(first.asChange.edits == second.asChange.edits)
}

@Test func `sections that are not named are not meant`() throws {
  let sections = try DocumentSections(["routes": [:], "services": ["s": [:]], "gateways": .null])
  #expect(sections.named == [.route, .service])
  #expect(sections.objects.keys.map(\.pointer) == ["/services/s"])
}

@Test func `the faults of all sections are told at once`() {
  let sections: JSONValue = [
    "gateways": ["G": [:]], "services": ["s": ["x": 1]], "routes": [], "certificates": [:],
  ]
  do {
    _ = try DocumentSections(sections)
    Issue.record("It was accepted.")
  } catch {
    #expect(
      described(error.faults) == [
        "/certificates unknown_field", "/gateways/G invalid_value", "/gateways/G/port required",
        "/routes wrong_type", "/services/s/x unknown_field",
      ]
    )
  }
}

@Test func `a document that is no object is refused`() {
  #expect(throws: Refusal.self) { try DocumentSections([]) }
}

@Test func `the index finds who refers to whom, and forgets`() throws {
  var document = try document(base)
  let key = ObjectKey(.route, "r")
  #expect(document.index.routes(toService: "s").sorted() == ["r"])
  #expect(document.index.routes(namingGateway: "g").sorted() == ["r"])
  #expect(document.index.routes(onDomain: "*").sorted() == ["r"])
  #expect(document.index.routesOnEveryGateway.sorted() == [])
  document[key] = try object(.route, #"{"match":{"prefix":"/a"},"service":"t","hosts":["b"]}"#)
  #expect(document.index.routes(toService: "s").sorted() == [])
  #expect(document.index.routes(toService: "t").sorted() == ["r"])
  #expect(document.index.routes(namingGateway: "g").sorted() == [])
  #expect(document.index.routes(onDomain: "*").sorted() == [])
  #expect(document.index.routes(onDomain: "b").sorted() == ["r"])
  #expect(document.index.routesOnEveryGateway.sorted() == ["r"])
  document[key] = nil
  #expect(document.index.routesOnEveryGateway.sorted() == [])
}

@Test func `an edit that changes nothing makes an empty change`() throws {
  var document = try document(base)
  let same = document.objects.map { (key: $0.key, value: Optional($0.object)) }
  let change = document.apply(same)
  #expect(change.isEmpty)
}

@Test func `steps that lead back to the beginning leave no change`() throws {
  let key = ObjectKey(.gateway, "g")
  let one = try object(.gateway, #"{"port":1}"#)
  let two = try object(.gateway, #"{"port":2}"#)
  var there = Change()
  there.note(key, before: one, after: two)
  var back = Change()
  back.note(key, before: two, after: nil)
  #expect(there.followed(by: back).edits[key] == Change.Edit(before: one, after: nil))
  back.note(key, before: nil, after: one)
  #expect(there.followed(by: back).isEmpty)
}

@Test func `what is made and removed in one edit leaves no change`() throws {
  let key = ObjectKey(.gateway, "g")
  let one = try object(.gateway, #"{"port":1}"#)
  var change = Change()
  change.note(key, before: nil, after: one)
  change.note(key, before: one, after: nil)
  #expect(change.isEmpty)
}
