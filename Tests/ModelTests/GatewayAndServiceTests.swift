import Model
import Testing

private let accepted: [(ObjectKind, String)] = [
  (.gateway, #"{"port":8080}"#),
  (.gateway, #"{"address":"::","fleet":"edge","labels":{"team":"a"},"port":1}"#),
  (.gateway, #"{"address":"127.0.0.1","fleet":"*","labels":{},"port":65535}"#),
  (.service, #"{"endpoints":[]}"#),
  (
    .service,
    """
    {"connect_timeout":"250ms","endpoints":[{"address":"10.0.0.1","health":"draining","port":80,\
    "priority":1,"weight":5},{"address":"b.example","port":80}],"labels":{"a":""},\
    "load_balancing":{"policy":"ring_hash"},"protocol":"http2"}
    """
  ),
  (.service, #"{"endpoints":[],"load_balancing":{},"protocol":"http1"}"#),
  (
    .service,
    """
    {"endpoints":[],"health_checks":[{"healthy_threshold":2,"http":{"host":"a.example",\
    "path":"/healthz","statuses":[200,204]},"interval":"1s","timeout":"500ms",\
    "unhealthy_threshold":5}]}
    """
  ),
  (.service, #"{"endpoints":[],"health_checks":[{"tcp":{}}]}"#),
  (
    .service,
    #"{"endpoints":[],"health_checks":[{"grpc":{"service":"a.b.C"}}],"protocol":"http2"}"#
  ),
]

@Test(arguments: accepted)
func `a gateway or service is what it was when it was sent`(_ kind: ObjectKind, _ json: String)
  throws
{
  let object = try object(kind, json)
  #expect(object.json.text == json)
  #expect(try Model.ConfigObject(reading: object.json, as: kind) == object)
}

private let normalized: [(ObjectKind, String, String)] = [
  (.gateway, #"{"port":8080,"address":null,"meta":{"revision":1},"name":"x"}"#, #"{"port":8080}"#),
  (.gateway, #"{"port":8080.0,"address":"0::0"}"#, #"{"address":"::","port":8080}"#),
  (.service, "{}", #"{"endpoints":[]}"#),
  (
    .service, #"{"endpoints":null,"connect_timeout":"60s"}"#,
    #"{"connect_timeout":"1m","endpoints":[]}"#
  ),
  (
    .service,
    """
    {"endpoints":[{"address":"B.example.","port":2,"id":"b:2","source":"document","meta":{}},\
    {"address":"::0001","port":1}]}
    """,
    #"{"endpoints":[{"address":"::1","port":1},{"address":"b.example","port":2}]}"#
  ),
]

@Test(arguments: normalized)
func `spelling is made canonical, and what answers add is passed over`(
  _ kind: ObjectKind,
  _ sent: String,
  _ kept: String
) throws {
  #expect(try object(kind, sent).json.text == kept)
}

private let refused: [(ObjectKind, String, [String])] = [
  (.gateway, "[]", [" wrong_type"]),
  (.gateway, "{}", ["/port required"]),
  (.gateway, #"{"port":0}"#, ["/port out_of_range"]),
  (.gateway, #"{"port":65536}"#, ["/port out_of_range"]),
  (.gateway, #"{"port":1e30}"#, ["/port out_of_range"]),
  (.gateway, #"{"port":80.5}"#, ["/port wrong_type"]),
  (.gateway, #"{"port":"80"}"#, ["/port wrong_type"]),
  (.gateway, #"{"port":80,"name":"y"}"#, ["/name invalid_value"]),
  (
    .gateway,
    #"{"address":"localhost","port":true,"fleet":"A","labels":{"":"a","k":1},"a/b":1}"#,
    [
      "/address invalid_value", "/a~1b unknown_field", "/fleet invalid_value",
      "/labels/ invalid_value", "/labels/k invalid_value", "/port wrong_type",
    ]
  ),
  (.service, #"{"endpoints":{}}"#, ["/endpoints wrong_type"]),
  (
    .service, #"{"endpoints":[1,{}]}"#,
    ["/endpoints/0 wrong_type", "/endpoints/1/address required", "/endpoints/1/port required"]
  ),
  (
    .service, #"{"endpoints":[{"address":"a","port":1},{"address":"A","port":1}]}"#,
    ["/endpoints/1 duplicate"]
  ),
  (
    .service,
    """
    {"endpoints":[{"address":"http://a","port":0,"weight":0,"priority":128,"health":"ill","zone":1}],\
    "protocol":"http3","connect_timeout":"0s","load_balancing":{"policy":"best","x":1},"labels":[]}
    """,
    [
      "/connect_timeout out_of_range", "/endpoints/0/address invalid_value",
      "/endpoints/0/health invalid_value", "/endpoints/0/port out_of_range",
      "/endpoints/0/priority out_of_range", "/endpoints/0/weight out_of_range",
      "/endpoints/0/zone unknown_field", "/labels wrong_type",
      "/load_balancing/policy invalid_value",
      "/load_balancing/x unknown_field", "/protocol invalid_value",
    ]
  ),
  (.service, #"{"connect_timeout":5}"#, ["/connect_timeout wrong_type"]),
  (
    .service, #"{"health_checks":[{"tcp":{},"grpc":{}},{}]}"#,
    ["/health_checks out_of_range", "/health_checks/0 one_of", "/health_checks/1 one_of"]
  ),
  (
    .service,
    """
    {"health_checks":[{"http":{"statuses":[99,"200"],"host":"","x":1},"interval":"1ms",\
    "timeout":0,"healthy_threshold":0,"unhealthy_threshold":101}]}
    """,
    [
      "/health_checks/0/healthy_threshold out_of_range", "/health_checks/0/http/host invalid_value",
      "/health_checks/0/http/path required", "/health_checks/0/http/statuses/0 invalid_value",
      "/health_checks/0/http/statuses/1 invalid_value", "/health_checks/0/http/x unknown_field",
      "/health_checks/0/interval out_of_range", "/health_checks/0/timeout wrong_type",
      "/health_checks/0/unhealthy_threshold out_of_range",
    ]
  ),
  (
    .service, #"{"health_checks":[{"http":{"path":"/","statuses":[]}}]}"#,
    ["/health_checks/0/http/statuses invalid_value"]
  ),
  (.service, #"{"health_checks":[{"grpc":{}}]}"#, ["/health_checks/0/grpc not_applicable"]),
  (.service, #"{"connect_timeout":"soon"}"#, ["/connect_timeout invalid_value"]),
  (.service, #"{"connect_timeout":"2h"}"#, ["/connect_timeout out_of_range"]),
]

@Test(arguments: refused)
func `every fault of a gateway or service is found at once`(
  _ kind: ObjectKind,
  _ json: String,
  _ faults: [String]
) throws {
  #expect(try read(kind, json).faults == faults)
}

@Test func `an object's name must be one`() {
  let faults = FaultCollector()
  _ = ConfigObject(ObjectKey(.gateway, "A"), from: ["port": 1], at: "/gateways/A", faults: faults)
  #expect(described(faults.faults) == ["/gateways/A invalid_value"])
}

@Test func `an endpoint is read by its id, which its fields may repeat`() {
  let faults = FaultCollector()
  let spec: JSONValue = ["address": "::01", "port": 80, "weight": 3, "id": "[::1]:80"]
  let endpoint = Endpoint(id: "[::1]:80", spec: spec, at: "", faults: faults)
  #expect(endpoint == Endpoint(address: "::1", port: 80, weight: 3))
  #expect(faults.faults == [])
}

@Test func `fields that contradict an endpoint's id are refused`() {
  let faults = FaultCollector()
  _ = Endpoint(id: "a:80", spec: ["address": "b", "port": 81], at: "", faults: faults)
  #expect(described(faults.faults) == ["/address invalid_value", "/port invalid_value"])
}

@Test func `a service's endpoints are a set by their ids`() throws {
  let service = Service(endpoints: [
    Endpoint(address: "b", port: 1), Endpoint(address: "a", port: 1),
    Endpoint(address: "b", port: 1, weight: 2),
  ])
  #expect(service.endpoints.map(\.id) == ["a:1", "b:1"])
  #expect(service.endpoint(id: "b:1")?.weight == 2)
  #expect(service.with(Endpoint(address: "a", port: 1, weight: 9)).endpoint(id: "a:1")?.weight == 9)
  #expect(service.without(endpoint: "a:1").endpoints.map(\.id) == ["b:1"])
}

@Test func `a body of nothing but faults lists a thousand of them`() throws {
  let members = (0..<5000).map { "\"f\($0)\":1" }.joined(separator: ",")
  #expect(try read(.gateway, "{\(members)}").faults.count == 1000)
}

@Test func `a refusal says whether there are more faults than it lists`() {
  let faults = FaultCollector()
  for number in 0..<1000 { faults.add("/\(number)", .invalidValue, "") }
  #expect(throws: Refusal(.invalid, faults.faults)) { try faults.check() }
  faults.add("/more", .invalidValue, "")
  #expect(throws: Refusal(.invalid, faults.faults, hasMore: true)) { try faults.check() }
}

extension ConfigObject {
  fileprivate init?(reading json: JSONValue, as kind: ObjectKind) throws {
    let faults = FaultCollector()
    self.init(ObjectKey(kind, "x"), from: json, at: "", faults: faults)
    try faults.check()
  }
}
