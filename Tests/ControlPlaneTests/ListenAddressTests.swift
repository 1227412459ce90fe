import Testing

@testable import ControlPlane

@Suite struct ListenAddressTests {
  @Test(arguments: [
    ("127.0.0.1:18000", "127.0.0.1", 18000), ("localhost:0", "localhost", 0),
    ("[::1]:65535", "::1", 65535), ("0.0.0.0:80", "0.0.0.0", 80),
  ])
  func `a host and a port are read, and written the same`(text: String, host: String, port: Int)
    throws
  {
    let address = try #require(ListenAddress(text))
    #expect(address == ListenAddress(host: host, port: port))
    #expect(address.description == text)
  }

  @Test(arguments: [
    "", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "[::1]",
    "[127.0.0.1]:80", "host:http", "[]:80",
  ])
  func `what is no host and port is none`(text: String) {
    #expect(ListenAddress(text) == nil)
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.255.0.3", true), ("localhost", true), ("::1", true),
    ("0.0.0.0", false), ("::", false), ("10.0.0.1", false), ("128.0.0.1", false),
    ("127.0.0.1.example.com", false), ("127.evil.example.com", false), ("127.0.0.256", false),
  ])
  func `only this machine's own addresses are loopback`(host: String, isLoopback: Bool) {
    #expect(ListenAddress(host: host, port: 1).isLoopback == isLoopback)
  }
}
