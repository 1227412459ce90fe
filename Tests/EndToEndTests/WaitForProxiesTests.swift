import Foundation
import NIOCore
import NIOPosix
import Testing

extension EndToEnd {
  @Suite struct WaitForProxies {
    private static let hello =
      #"{"match": {"prefix": "/"}, "respond": {"status": 200, "body": "hello"}}"#

    @Test func `a write that waited is served when it is answered`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        let port = try await bed.openGateway(chancery)
        try await envoy.connected()
        let wait = ["prefer": "wait=30"]
        let answer = try await chancery.call(.put, "/routes/a", Self.hello, headers: wait)
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer.headers["preference-applied"] == "wait=30")
        #expect(try await ask(port: port, "/").text == "hello")
        let proxy = try await chancery.call(.get, "/proxies/envoy-1")
        #expect(proxy["state"] as? String == "synced")
        #expect(proxy["revision"] as? Int == answer.revision)
      }
    }

    @Test func `a refusal is told with Envoy's words and its author, also after a restart`()
      async throws
    {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        try await envoy.connected()
        let wait = ["prefer": "wait=60"]
        let good = try await chancery.call(.put, "/routes/a", Self.hello, headers: wait)
        #expect(good.headers["preference-applied"] == "wait=60", "\(good.text)")

        // Somebody else listens where the second gateway is to be.
        let busy = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
          .bind(host: "127.0.0.1", port: Ports.free()).get()
        let port = try #require(busy.localAddress?.port)
        let answer = try await chancery.call(
          .put,
          "/gateways/second",
          #"{"address": "127.0.0.1", "port": \#(port)}"#,
          headers: wait
        )
        #expect(answer.status == 202, "\(answer.text)")
        let number = try #require(answer.revision)
        #expect(answer.headers["link"] == "</revisions/\(number)/rollout>; rel=\"status\"")
        try Self.check(answer["rollout"], at: number)

        await chancery.kill()
        try await envoy.connected(false)
        let restarted = try await bed.startChancery(after: chancery)
        let rollout = try await restarted.call(.get, "/revisions/\(number)/rollout")
        try Self.check(try JSONSerialization.jsonObject(with: Data(rollout.text.utf8)), at: number)
        let proxy = try await restarted.call(.get, "/proxies/envoy-1")
        let rejection = proxy["last_rejection"] as? [String: Any]
        #expect((rejection?["message"] as? String)?.contains("cannot bind") == true)
        try await busy.close()
      }
    }

    private static func check(_ rollout: Any?, at revision: Int) throws {
      let proxies = (rollout as? [String: Any])?["proxies"] as? [[String: Any]]
      let proxy = try #require(proxies?.first)
      #expect(proxy["state"] as? String == "rejected")
      let rejection = try #require(proxy["rejection"] as? [String: Any])
      #expect(rejection["type"] as? String == "listeners")
      #expect((rejection["message"] as? String)?.contains("cannot bind") == true)
      let object = try #require((rejection["objects"] as? [[String: Any]])?.first)
      #expect(object["kind"] as? String == "gateway")
      #expect(object["name"] as? String == "second")
      #expect(object["revision"] as? Int == revision)
      #expect(object["author"] as? String == "anonymous")
    }

    @Test func `a stop ends the wait`() async throws {
      try await Testbed.run { bed in
        let chancery = try await bed.startChancery()
        let envoy = try await bed.startEnvoy(chancery)
        try await envoy.connected()
        // A proxy that stands still acks nothing.
        envoy.process.signal(SIGSTOP)
        async let answer = chancery.call(
          .put,
          "/routes/a",
          Self.hello,
          headers: ["prefer": "wait=300"]
        )
        try await eventually("the write is committed") {
          try await chancery.call(.get, "/config").revision
        } until: {
          $0 == 2
        }
        let status = await chancery.process.stop()
        #expect(status == 0, "\(chancery.process.output)")
        let (code, text) = try await (answer.status, answer.text)
        #expect(code == 202, "\(text)")
      }
    }
  }
}
