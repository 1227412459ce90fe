import Model
import Testing

private let accepted = [
  #"{"match":{"prefix":"/"},"service":"s"}"#,
  #"{"hosts":["api.example.com","*.example.com","10.0.0.1","[::1]"],"match":{"exact":"/a"},"service":"s"}"#,
  #"{"hosts":["*"],"match":{"prefix":"/a"},"rewrite":{"prefix":"/"},"service":"s","timeout":"0s"}"#,
  #"{"gateways":["g"],"labels":{"a":"b"},"match":{"regex":"/u/[0-9]+"},"priority":-3,"service":"s"}"#,
  #"{"backends":[{"service":"a","weight":0},{"service":"b"}],"match":{"prefix":"/a"},"timeout":"1h"}"#,
  #"{"match":{"prefix":"/a"},"redirect":{"host":"www.example.com","path":"/b","port":443,"scheme":"https","status":308}}"#,
  #"{"match":{"prefix":"/a"},"redirect":{"host":"[::1]"}}"#,
  #"{"match":{"prefix":"/a"},"respond":{"body":"no","status":404}}"#,
  #"{"match":{"headers":[],"prefix":"/a"},"respond":{"status":200}}"#,
  """
  {"match":{"headers":[{"exact":"1","name":"a"},{"name":"b","prefix":"x"},{"name":"c","suffix":"x"},\
  {"contains":"x","name":"d"},{"name":"e","regex":"x+"},{"name":"f","present":false}],\
  "methods":["GET","POST"],"prefix":"/a"},"service":"s"}
  """,
]

@Test(arguments: accepted)
func `a route is what it was when it was sent`(_ json: String) throws {
  let route = try object(.route, json)
  #expect(route.json.text == json)
  #expect(try object(.route, route.json.text) == route)
}

private let normalized = [
  (
    #"{"match":{"prefix":"/a/","methods":["POST","GET","POST"]},"service":"s","hosts":["API.Example.com"]}"#,
    #"{"hosts":["api.example.com"],"match":{"methods":["GET","POST"],"prefix":"/a"},"service":"s"}"#
  ),
  (
    #"{"match":{"prefix":"//","headers":[{"name":"B","exact":"1"},{"name":"A","present":true}]},"service":"s"}"#,
    #"{"match":{"headers":[{"name":"a","present":true},{"exact":"1","name":"b"}],"prefix":"/"},"service":"s"}"#
  ),
  (
    #"{"match":{"exact":"/a/","prefix":null},"redirect":{"host":"::1"},"service":null}"#,
    #"{"match":{"exact":"/a/"},"redirect":{"host":"[::1]"}}"#
  ),
]

@Test(arguments: normalized)
func `a route's spelling is made canonical`(_ sent: String, _ kept: String) throws {
  #expect(try object(.route, sent).json.text == kept)
}

private let refused: [(String, [String])] = [
  ("{}", [" one_of", "/match required"]),
  (#"{"match":{},"service":"s"}"#, ["/match one_of"]),
  (
    #"{"match":{"prefix":"/","exact":"/"},"service":"s","redirect":{}}"#,
    [" one_of", "/match one_of", "/redirect one_of"]
  ),
  (#"{"match":[],"service":1}"#, ["/match wrong_type", "/service wrong_type"]),
  (
    #"{"match":{"prefix":"a"},"service":"S"}"#,
    ["/match/prefix invalid_value", "/service invalid_value"]
  ),
  (#"{"match":{"exact":"/a?b"},"service":"s"}"#, ["/match/exact invalid_value"]),
  (#"{"match":{"prefix":"/é"},"service":"s"}"#, ["/match/prefix invalid_value"]),
  (#"{"match":{"regex":"/[a-z0-9-]{1,63}"},"service":"s"}"#, ["/match/regex invalid_value"]),
  (#"{"match":{"regex":"("},"service":"s"}"#, ["/match/regex invalid_value"]),
  (
    #"{"match":{"template":"/a"},"service":"s"}"#,
    ["/match one_of", "/match/template unknown_field"]
  ),
  (#"{"match":{"prefix":"/","methods":[]},"service":"s"}"#, ["/match/methods invalid_value"]),
  (
    #"{"match":{"prefix":"/","methods":["G T",1,""]},"service":"s"}"#,
    [
      "/match/methods/0 invalid_value", "/match/methods/1 wrong_type",
      "/match/methods/2 invalid_value",
    ]
  ),
  (
    """
    {"match":{"prefix":"/","headers":[{"name":"a"},{"name":"a b","exact":"1"},{"exact":"1"},\
    {"name":"a","exact":"1","prefix":"2"},{"name":"a","exact":""},{"name":"a","regex":"["},\
    {"name":"a","present":1},{"name":"a","exact":"\\n"},{"name":":path","exact":"/"},1]},"service":"s"}
    """,
    [
      "/match/headers/0 one_of", "/match/headers/1/name invalid_value",
      "/match/headers/2/name required", "/match/headers/3 one_of",
      "/match/headers/4/exact invalid_value", "/match/headers/5/regex invalid_value",
      "/match/headers/6/present wrong_type", "/match/headers/7/exact invalid_value",
      "/match/headers/8/name invalid_value", "/match/headers/9 wrong_type",
    ]
  ),
  (
    #"{"match":{"prefix":"/"},"service":"s","hosts":["a:80","*a","a.*","[10.0.0.1]","::1","a..b","","*."]}"#,
    (0..<8).map { "/hosts/\($0) invalid_value" }
  ),
  (#"{"match":{"prefix":"/"},"service":"s","hosts":[]}"#, ["/hosts invalid_value"]),
  (#"{"match":{"prefix":"/"},"service":"s","hosts":["a","A"]}"#, ["/hosts/1 duplicate"]),
  (#"{"match":{"prefix":"/"},"service":"s","gateways":[]}"#, ["/gateways invalid_value"]),
  (#"{"match":{"prefix":"/"},"service":"s","gateways":["g","g"]}"#, ["/gateways/1 duplicate"]),
  (
    #"{"match":{"prefix":"/"},"service":"s","timeout":"25h","priority":1e9}"#,
    ["/priority out_of_range", "/timeout out_of_range"]
  ),
  (
    #"{"match":{"prefix":"/"},"service":"s","rewrite":{"host":"a"}}"#,
    ["/rewrite/host unknown_field", "/rewrite/prefix required"]
  ),
  (
    #"{"match":{"regex":"/a"},"service":"s","rewrite":{"prefix":"/"}}"#, ["/rewrite not_applicable"]
  ),
  (
    #"{"match":{"prefix":"/"},"respond":{"status":200},"timeout":"1s","rewrite":{"prefix":"/"}}"#,
    ["/rewrite not_applicable", "/timeout not_applicable"]
  ),
  (#"{"match":{"prefix":"/"},"backends":[]}"#, ["/backends out_of_range"]),
  (
    #"{"match":{"prefix":"/"},"backends":[{"service":"a","weight":0}]}"#, ["/backends out_of_range"]
  ),
  (
    #"{"match":{"prefix":"/"},"backends":[{"service":"a"},{"service":"a"}]}"#,
    ["/backends duplicate"]
  ),
  (
    #"{"match":{"prefix":"/"},"backends":[{"weight":-1},{"service":"a","weight":1000001}]}"#,
    [
      "/backends/0/service required", "/backends/0/weight out_of_range",
      "/backends/1/weight out_of_range",
    ]
  ),
  (
    #"{"match":{"prefix":"/"},"redirect":{"scheme":"ftp","host":"a:1","port":0,"path":"b","status":304}}"#,
    [
      "/redirect one_of", "/redirect/host invalid_value", "/redirect/path invalid_value",
      "/redirect/port out_of_range", "/redirect/scheme invalid_value",
      "/redirect/status invalid_value",
    ]
  ),
  (#"{"match":{"prefix":"/"},"respond":{}}"#, ["/respond/status required"]),
  (
    #"{"match":{"prefix":"/"},"respond":{"status":204,"body":"x"}}"#,
    ["/respond/body not_applicable"]
  ),
  (
    #"{"match":{"prefix":"/"},"respond":{"status":304,"body":"x"}}"#,
    ["/respond/body not_applicable"]
  ),
  (#"{"match":{"prefix":"/"},"respond":{"status":204,"body":""}}"#, []),
  (#"{"match":{"prefix":"/"},"respond":{"status":100}}"#, ["/respond/status out_of_range"]),
  (
    #"{"match":{"prefix":"/"},"respond":{"status":200,"body":"\#(String(repeating: "x", count: 4097))"}}"#,
    ["/respond/body out_of_range"]
  ),
]

@Test(arguments: [
  ("/a/../b", "/b"), ("/a//b", "/a/b"), ("/./", "/"), ("/a/.", "/a/"), ("/%2e%2e/a", "/a"),
  ("/.%2E/..", "/"), ("/%61", "/a"), ("/users/{id}", "/users/%7Bid%7D"), (#"/a\b"#, "/a/b"),
])
func `a path that no request has is refused, with what to write instead`(
  _ path: String,
  _ instead: String
) throws {
  for member in ["prefix", "exact"] {
    let faults = FaultCollector()
    let value: JSONValue = ["match": [member: .string(path)], "service": "s"]
    _ = ConfigObject(ObjectKey(.route, "x"), from: value, at: "", faults: faults)
    #expect(described(faults.faults) == ["/match/\(member) invalid_value"])
    #expect(faults.faults.first?.detail.contains("\"\(instead)\"") == true)
  }
}

@Test(arguments: ["/a/", "/...", "/.a", "/a..", "/a%2Fb", "/a%2fb", "/%", "/a;b=1,2", "/a%20b"])
func `a path that a request can have is taken`(_ path: String) throws {
  let json = #"{"match":{"exact":"\#(path)"},"service":"s"}"#
  #expect(try read(.route, json).faults == [])
}

@Test(arguments: refused)
func `every fault of a route is found at once`(_ json: String, _ faults: [String]) throws {
  #expect(try read(.route, json).faults == faults)
}
