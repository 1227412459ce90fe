import Foundation
import Model
import Testing

private let readings: [(String, JSONValue)] = [
  ("null", JSONValue.null),
  ("true", true), (" false\n", false),
  ("0", 0), ("-0", 0), ("-12", -12), ("9223372036854775807", .integer(.max)),
  ("-9223372036854775808", .integer(.min)),
  ("8080.0", 8080), ("8.08e3", 8080), ("-0.0", 0), ("0.5", .number(0.5)),
  ("5e-324", .number(.leastNonzeroMagnitude)),
  ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1E+20", .number(1e20)),
  (#""""#, ""), (#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, "a\"\\/\u{8}\u{c}\n\r\té😀"),
  (#""\u0000""#, "\0"), (#""é😀""#, "é😀"),
  ("[]", []), ("{}", [:]), ("[1, [2], {}]", [1, [2], [:]]),
  (#"{"a": {"b": [null]}, "": 1}"#, ["a": ["b": [.null]], "": 1]),
  ("\u{feff}1", 1),
]

@Test(arguments: readings)
func `a JSON text is read`(_ text: String, _ value: JSONValue) throws {
  #expect(try JSONValue(json: text) == value)
}

private let refusals: [(String, String)] = [
  ("", "Line 1, column 1: The text ends where a value is expected."),
  (" \n", "Line 2, column 1: The text ends where a value is expected."),
  ("{\n  \"é\" 1}", "Line 2, column 7: Expected \":\", not \"1\"."),
  ("[1,]", "Line 1, column 4: Expected a value, not \"]\"."),
  ("[1 2]", "Line 1, column 4: Expected \",\" or \"]\", not \"2\"."),
  ("{\"a\":1,}", "Line 1, column 8: Expected a member's name in quotes, not \"}\"."),
  ("{a: 1}", "Line 1, column 2: Expected a member's name in quotes, not \"a\"."),
  ("{\"a\": 1", "Line 1, column 8: The text ends where \",\" or \"}\" is expected."),
  ("1 2", "Line 1, column 3: Expected the end of the text, not \"2\"."),
  ("tru", "Line 1, column 1: Expected a value, not \"t\"."),
  ("NaN", "Line 1, column 1: Expected a value, not \"N\"."),
  ("Infinity", "Line 1, column 1: Expected a value, not \"I\"."),
  ("-Infinity", "Line 1, column 2: Expected a digit, not \"I\"."),
  ("01", "Line 1, column 2: Expected the end of the text, not \"1\"."),
  ("1.", "Line 1, column 3: The text ends where a digit is expected."),
  ("+1", "Line 1, column 1: Expected a value, not \"+\"."),
  ("[1e400]", "Line 1, column 2: The number is beyond the range of a double."),
  ("{\"a\": 1, \"a\": 2}", "Line 1, column 10: \"a\" stands twice in the same object."),
  ("'a'", "Line 1, column 1: Expected a value, not \"'\"."),
  ("\"a\nb\"", "Line 1, column 3: Expected the quotes that end the text, not this character."),
  ("\"a", "Line 1, column 3: The text ends where the quotes that end the text is expected."),
  (#""\x""#, "Line 1, column 2: There is no such escape."),
  (#""\u12g4""#, "Line 1, column 4: Expected four hexadecimal digits, not \"1\"."),
  (#""\ud800""#, "Line 1, column 2: This is one half of a surrogate pair."),
  (#""\ud800\u0041""#, "Line 1, column 2: This is one half of a surrogate pair."),
  (#""\udc00""#, "Line 1, column 2: This is one half of a surrogate pair."),
  ("// no", "Line 1, column 1: Expected a value, not \"/\"."),
]

@Test(arguments: refusals)
func `what is no JSON is refused, with its place`(_ text: String, _ reason: String) {
  #expect(throws: MalformedText(reason: reason)) { try JSONValue(json: text) }
}

@Test(arguments: [
  [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82],
])
func `invalid UTF-8 in a JSON string is refused`(_ bytes: [UInt8]) {
  #expect(
    throws: MalformedText(reason: "Line 1, column 2: The text that begins here is not valid UTF-8.")
  ) {
    try JSONValue(json: [0x5b, 0x22] + bytes + [0x22, 0x5d])
  }
}

@Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
func `nesting beyond 128 levels is refused, however deep`(_ opening: String) {
  #expect {
    try JSONValue(json: String(repeating: opening, count: 100_000))
  } throws: {
    ($0 as? MalformedText)?.reason.contains("More than 128") == true
  }
}

@Test(arguments: [("[", "]"), ("{\"a\":", "}")])
func `128 levels are read, merged and written on a small stack`(_ start: String, _ end: String) {
  let text =
    String(repeating: start, count: 127) + "[1]" + String(repeating: end, count: 127)
  let written = onSmallStack {
    let value = try? JSONValue(json: text)
    let merged = value?.merging(value ?? .null)
    let copy = try? JSONValue(yaml: merged?.yaml ?? "")
    return copy == value ? copy?.text : nil
  }
  #expect(written == text)
}

@Test func `equal values have equal texts, members by name`() throws {
  let value = try JSONValue(json: #"{"b": [1, 0.5, true, null], "a/\"": "\u0001\n/é"}"#)
  #expect(value.text == #"{"a/\"":"\u0001\n/é","b":[1,0.5,true,null]}"#)
}

@Test func `a pretty text has a line for each element`() {
  let value: JSONValue = ["a": [1, [:]], "b": []]
  #expect(
    String(decoding: value.bytes(pretty: true), as: UTF8.self) == """
      {
        "a": [
          1,
          {}
        ],
        "b": []
      }
      """
  )
}

/// Runs it on a thread of 512 KiB, the least that platforms give.
private func onSmallStack<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
  let result = Locked<Value?>(nil)
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    let value = body()
    result.withLock { $0 = value }
    done.signal()
  }
  thread.stackSize = 512 * 1024
  thread.start()
  done.wait()
  return result.withLock { $0 }
}
