import Model
import Testing

/// Before, after and now, then the result and the conflicts; an empty text is absent.
private let cases: [(String, String, String, String, [String])] = [
  ("1", "2", "2", "1", []),
  ("1", "2", "1", "1", []),
  ("1", "2", "3", "3", [""]),
  ("", "1", "1", "", []),
  ("", "1", "", "", []),
  ("", #"{"a":1}"#, #"{"a":2}"#, #"{"a":2}"#, [""]),
  ("1", "", "", "1", []),
  ("1", "", "2", "2", [""]),
  (#"{"a":1}"#, #"{"a":2}"#, #"{"a":2,"b":3}"#, #"{"a":1,"b":3}"#, []),
  (#"{"a":1}"#, #"{"a":1,"b":2}"#, #"{"a":5,"b":2}"#, #"{"a":5}"#, []),
  (#"{"a":{"b":1,"c":1}}"#, #"{"a":{"b":2,"c":2}}"#, #"{"a":{"b":3,"c":2}}"#, "", ["/a/b"]),
  (#"{"a":{"b":1}}"#, #"{"a":{"b":2}}"#, #"{"a":5}"#, "", ["/a"]),
  (#"{"a":1,"b/":1}"#, #"{"a":2,"b/":2}"#, #"{"a":3,"b/":3}"#, "", ["/a", "/b~1"]),
]

@Test(arguments: cases)
func `a step is undone where no later one stands in the way`(
  _ before: String,
  _ after: String,
  _ now: String,
  _ result: String,
  _ conflicts: [String]
) throws {
  let undo = try Undo(from: value(before), to: value(after), now: value(now))
  #expect(undo.conflicts == conflicts)
  if conflicts.isEmpty { #expect(undo.result == (try value(result))) }
}

private func value(_ text: String) throws -> JSONValue? {
  try text.isEmpty ? nil : JSONValue(json: Array(text.utf8))
}
