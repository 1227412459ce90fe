import Model
import Testing

private let readings: [(String, JSONValue)] = [
  ("a: 1", ["a": 1]),
  ("# a gateway\ngateways:\n  default: {port: 8080}\n", ["gateways": ["default": ["port": 8080]]]),
  ("- a\n- 'true'\n- \"1\"\n- !!str 1\n- ! 1\n", ["a", "true", "1", "1", "1"]),
  (
    "[true, True, FALSE, yes, on, off, n, y, NO]",
    [true, true, false, "yes", "on", "off", "n", "y", "NO"]
  ),
  ("[~, null, Null, NULL, nULL]", [.null, .null, .null, .null, "nULL"]),
  ("a:\nb: ''", ["a": .null, "b": ""]),
  (
    "[1, +1, -1, 0o17, 0x1F, 010, 8080.0, .5, 1., 1e3]",
    [1, 1, -1, 15, 31, 10, 8080, .number(0.5), 1, 1000]
  ),
  (
    "[1_000, 0b1, 1:30, 0o8, 0x, 0o, '.', ., e1, 1e, --1, 1.2.3]",
    ["1_000", "0b1", "1:30", "0o8", "0x", "0o", ".", ".", "e1", "1e", "--1", "1.2.3"]
  ),
  ("[2026-01-01, 2026-01-01T00:00:00Z]", ["2026-01-01", "2026-01-01T00:00:00Z"]),
  ("1: x\nyes: x\n~: x\n'': y", ["1": "x", "yes": "x", "~": "x", "": "y"]),
  ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", ["a": "x\ny\n", "b": "x y"]),
  ("a: \"\\0\\x41\\u00e9\\U0001F600\"", ["a": "\0Aé😀"]),
  ("a: &anchor x", ["a": "x"]),
  ("<<: {a: 1}", ["<<": ["a": 1]]),
  ("--- {a: 1}\n...\n", ["a": 1]),
  ("%YAML 1.2\n---\na: 1\n", ["a": 1]),
  ("\u{feff}a: 1\r\nb: 2\r\n", ["a": 1, "b": 2]),
  (#"{"a": [1, "\/"]}"#, ["a": [1, "/"]]),
  ("9223372036854775808", .number(9_223_372_036_854_775_808)),
]

@Test(arguments: readings)
func `a YAML document is read by the core schema`(_ text: String, _ value: JSONValue) throws {
  #expect(try JSONValue(yaml: text) == value)
}

private let refusals: [(String, String)] = [
  ("", "There is no content."),
  ("# nothing\n", "There is no content."),
  ("a: 1\n---\nb: 2\n", "Line 2, column 1: A second document begins. Send one only."),
  ("a: &x [1]\nb: *x", "Line 2, column 4: Aliases"),
  ("hosts: [*.example.com]", "Line 1, column 10: It is not YAML"),
  ("a: 1\nb: 2\na: 3", "Line 3, column 1: \"a\" stands twice in the same object."),
  ("'1': a\n1: b", "Line 2, column 1: \"1\" stands twice in the same object."),
  ("? [a]\n: b", "Line 1, column 3: A key must be a text."),
  ("[.nan]", "Line 1, column 2: Numbers must be finite."),
  ("a: .inf", "Line 1, column 4: Numbers must be finite."),
  ("a: -.Inf", "Line 1, column 4: Numbers must be finite."),
  ("a: 1e400", "Line 1, column 4: Numbers must be finite."),
  ("a: 0x10000000000000000", "Line 1, column 4: Numbers must be finite."),
  ("a: !!binary aGk=", "Line 1, column 4: Tags such as \"tag:yaml.org,2002:binary\""),
  ("a: !custom {b: 1}", "Line 1, column 4: Tags such as \"!custom\""),
  ("!!str {a: 1}", "Line 1, column 1: Tags"),
  ("!!set [a]", "Line 1, column 1: Tags"),
  ("{a: 1", "Line 2, column 1: It is not YAML"),
  ("a: b: c", "Line 1, column 5: It is not YAML"),
  ("a:\n\t- b", "Line 2, column 1: It is not YAML"),
  ("a: \u{1}", "Line 1, column 4: It is not YAML"),
  ("%YAML 2.0\n---\na", "Line 1, column 1: It is not YAML"),
]

@Test(arguments: refusals)
func `what YAML or JSON cannot say is refused, with its place`(_ text: String, _ reason: String) {
  #expect {
    try JSONValue(yaml: text)
  } throws: {
    ($0 as? MalformedText)?.reason.hasPrefix(reason) == true
  }
}

@Test(arguments: [[0x61, 0xff], [0x61, 0xc0, 0x80], [0xff, 0xfe, 0x61, 0x00]] as [[UInt8]])
func `invalid UTF-8 in YAML is refused`(_ bytes: [UInt8]) {
  #expect(throws: MalformedText.self) { try JSONValue(yaml: bytes) }
}

@Test(arguments: [
  ("[", "More than 128"), ("{a: ", "More than 128"), ("- ", "More than 128"),
  ("[{a: ", "More than 128"), ("? ", "A key must be a text"), ("a:\n ", "stands twice"),
])
func `a YAML text nested 100 000 times is refused`(_ opening: String, _ reason: String) {
  #expect {
    try JSONValue(yaml: String(repeating: opening, count: 100_000))
  } throws: {
    ($0 as? MalformedText)?.reason.contains(reason) == true
  }
}

@Test func `an alias bomb is refused before it grows`() {
  let levels = (1...100).map { "a\($0): &a\($0) [\(String(repeating: "*a\($0 - 1),", count: 9))]" }
  #expect(throws: MalformedText.self) {
    try JSONValue(yaml: "a0: &a0 [x]\n" + levels.joined(separator: "\n"))
  }
}

private let texts: [String] = [
  "true", "no", "On", "null", "~", "", "1", "1.0", "0x1F", "0o17", "010", "1_000", "1e3", ".5",
  ".inf",
  ".NaN", "2026-01-01", "12:30:45", "=", "<<", "-", "- a", "a: b", "a #b", "#a", "*a", "&a", "!a",
  "%a", "@a", "`a", "'a'", "\"a\"", "[a]", "{a}", "a, b", "? a", " a", "a ", "a\nb", "\n", "\r",
  "\r\n",
  "\t", "a\u{0}b", "\u{7f}", "\u{85}", "\u{2028}", "\u{feff}", "é", "😀", "---", "...", "|", ">",
  "10.0.0.1", "/api/v1", "250ms", "api.example.com", "*.example.com", "a\u{fffe}",
]

@Test(arguments: texts)
func `any text survives a round trip through YAML, as value and as key`(_ text: String) throws {
  let value: JSONValue = ["key": .string(text), "list": [.string(text)], text + "": .string(text)]
  #expect(try JSONValue(yaml: value.yaml) == value)
}

@Test func `a document is written as a person would`() {
  let value: JSONValue = [
    "gateways": ["default": ["port": 8080, "address": "0.0.0.0", "fleet": "*"]],
    "services": [
      "users": [
        "endpoints": [["address": "10.0.0.1", "port": 8080], ["address": "b", "port": 1]]
      ],
      "empty": ["endpoints": [], "labels": [:]],
    ],
    "routes": [
      "r": ["labels": ["debug": "yes", "n": "1"], "hosts": ["api.example.com"], "x": .null]
    ],
    "number": .number(0.5), "flag": true,
  ]
  #expect(
    value.yaml == """
      flag: true
      gateways:
        default:
          address: 0.0.0.0
          fleet: '*'
          port: 8080
      number: 0.5
      routes:
        r:
          hosts:
          - api.example.com
          labels:
            debug: "yes"
            n: "1"
          x: null
      services:
        empty:
          endpoints: []
          labels: {}
        users:
          endpoints:
          - address: 10.0.0.1
            port: 8080
          - address: b
            port: 1

      """
  )
}

@Test func `128 levels survive a round trip through YAML`() throws {
  var value: JSONValue = "x"
  for level in 0..<128 { value = level.isMultiple(of: 2) ? [value] : ["k": value] }
  #expect(try JSONValue(yaml: value.yaml) == value)
}
