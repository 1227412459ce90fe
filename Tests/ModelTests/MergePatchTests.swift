import Model
import Testing

/// RFC 7396, appendix A: original, patch, result.
private let examples: [(String, String, String)] = [
  (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
  (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
  (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#),
  (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
  (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
  (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
  (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
  (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
  (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
  (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
  (#"{"a":"foo"}"#, "null", "null"),
  (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
  (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#),
  ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
  ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
]

@Test(arguments: examples)
func `a merge patch does what RFC 7396's examples say`(
  _ original: String,
  _ patch: String,
  _ result: String
) throws {
  #expect(try JSONValue(json: original).merging(JSONValue(json: patch)).text == result)
}
