import Testing

@testable import Model

@Test(arguments: ["a", "1", "user-service", "404", String(repeating: "x", count: 63), "a--b"])
func `a name is taken`(_ name: String) {
  #expect(Name.isValid(name))
}

@Test(arguments: [
  "", "-a", "a-", "A", "a_b", "a.b", "a b", "é", "a/b", "a\0", String(repeating: "x", count: 64),
])
func `what is no name is refused`(_ name: String) {
  #expect(!Name.isValid(name))
}

@Test(arguments: [
  ("10.0.0.1", "10.0.0.1"), ("::1", "::1"), ("0:0:0:0:0:0:0:1", "::1"),
  ("2001:DB8::A", "2001:db8::a"),
  ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::FFFF:10.0.0.1", "10.0.0.1"),
  ("::ffff:0:0", "0.0.0.0"),
  ("::10.0.0.1", "::10.0.0.1"), ("64:ff9b::10.0.0.1", "64:ff9b::a00:1"),
])
func `an IP address is spelled canonically`(_ text: String, _ canonical: String) {
  #expect(Address.ip(text) == canonical)
}

@Test(arguments: [
  "", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1:80", "10.0.0.1/8", "[::1]", "::1%eth0",
  "1::2::3",
  "example.com", "10.0.0.1\0", " 10.0.0.1",
])
func `what is no IP address is refused`(_ text: String) {
  #expect(Address.ip(text) == nil)
}

@Test(arguments: ["224.0.0.1", "239.1.2.3", "255.255.255.255", "ff02::1", "fe80::1", "febf::1"])
func `an address that nothing can connect to is refused`(_ address: String) throws {
  #expect(
    try read(.gateway, #"{"address":"\#(address)","port":80}"#).faults == ["/address invalid_value"]
  )
  #expect(
    try read(.service, #"{"endpoints":[{"address":"\#(address)","port":80}]}"#).faults
      == ["/endpoints/0/address invalid_value"]
  )
}

@Test(arguments: ["0.0.0.0", "127.0.0.1", "240.0.0.1", "::", "::1", "fec0::1", "2001:db8::1"])
func `an address that may be reached is taken`(_ address: String) throws {
  #expect(try read(.gateway, #"{"address":"\#(address)","port":80}"#).faults == [])
}

@Test(arguments: [
  ("example.com", "example.com"), ("API.Example.COM.", "api.example.com"),
  ("localhost", "localhost"),
  ("_http._tcp.a", "_http._tcp.a"), ("xn--bcher-kva.example", "xn--bcher-kva.example"),
  ("1a", "1a"), ("4.example", "4.example"),
])
func `a DNS name is spelled in lower case, without a final dot`(_ text: String, _ canonical: String)
{
  #expect(Address.dnsName(text) == canonical)
}

@Test(arguments: [
  "", ".", "a..b", "-a.b", "a-.b", "a b", "a/b", "http://a", "a:80", "bücher.example",
  "\u{212a}.example",
  "1.2.3", "10.0.0.256", "*", "*.a", String(repeating: "a", count: 64),
  String(repeating: "abcdefg.", count: 32) + "a",
])
func `what is no DNS name is refused`(_ text: String) {
  #expect(Address.dnsName(text) == nil)
}

@Test(arguments: [
  ("10.0.0.1:80", "10.0.0.1:80"), ("[::1]:80", "[::1]:80"), ("[0:0::1]:80", "[::1]:80"),
  ("Db.Example:5432", "db.example:5432"), ("[::ffff:10.0.0.1]:80", "10.0.0.1:80"),
  ("a:080", "a:80"),
])
func `an endpoint's id is read`(_ text: String, _ id: String) throws {
  let (address, port) = try #require(Endpoint.parse(id: text))
  #expect(Endpoint(address: address, port: port).id == id)
}

@Test(arguments: [
  "", "a", "a:", ":80", "a:0", "a:65536", "a:+80", "a:-1", "a:8o", "::1:80", "[::1]",
  "[10.0.0.1]:80",
  "[a]:80", "a:b:80", "a:99999999999999999999",
])
func `what is no endpoint's id is refused`(_ text: String) {
  #expect(Endpoint.parse(id: text) == nil)
}

@Test(arguments: [
  ("0s", 0, "0s"), ("250ms", 250, "250ms"), ("5s", 5000, "5s"), ("1m30s", 90_000, "1m30s"),
  ("90s", 90_000, "1m30s"), ("1h", 3_600_000, "1h"), ("1h0m1s500ms", 3_601_500, "1h1s500ms"),
  ("1500ms", 1500, "1s500ms"), ("0ms", 0, "0s"),
])
func `a duration is read, and written at its shortest`(
  _ text: String,
  _ milliseconds: Int,
  _ shortest: String
) throws {
  let span = try #require(TimeSpan(text))
  #expect(span.milliseconds == milliseconds)
  #expect(span.description == shortest)
  #expect(TimeSpan(shortest) == span)
}

@Test(arguments: [
  "", "5", "s", "1.5s", "-1s", "+1s", "1 s", "1S", "1s1m", "1s1s", "1d", "1us", "1s ",
  "9999999999s", "٥s",
])
func `what is no duration is refused`(_ text: String) {
  #expect(TimeSpan(text) == nil)
}

@Test(arguments: [
  ("", "/"), ("a", "/a"), ("a/b", "/a~1b"), ("a~b", "/a~0b"), ("~1", "/~01"),
  ("~\u{301}", "/~0\u{301}"),
])
func `a JSON pointer escapes as RFC 6901 says`(_ member: String, _ pointer: String) {
  #expect(JSONPointer.join("", member) == pointer)
}

@Test(arguments: ["/api/.*", "/users/[0-9]+", "(?i)/a|/b", "/[a-z0-9-]{1,8}", "/\\d+", "/é"])
func `a regular expression that Envoy takes is taken`(_ pattern: String) {
  #expect(RegularExpression.fault(in: pattern) == nil)
}

@Test(arguments: [
  ("/[a-z0-9-]{1,63}", "instructions"), ("(a+){50}{50}", "RE2 refuses it"), ("(", "missing )"),
  ("a{1001}", "RE2 refuses it"), ("(?=a)", "RE2 refuses it"), (#"\1"#, "RE2 refuses it"),
  ("", "empty"),
  ("*", "RE2 refuses it"), ("[z-a]", "RE2 refuses it"), ("a\0(", "missing )"),
])
func `a regular expression that Envoy refuses is refused, with the reason`(
  _ pattern: String,
  _ reason: String
) throws {
  let fault = try #require(RegularExpression.fault(in: pattern))
  #expect(fault.contains(reason))
}
