import EnvoyAPI
import NIOCore
import Snapshots
import SwiftProtobuf
import Testing

@testable import XDSServer
@testable import XDSSession

struct EncodingTests {
  /// Long enough for lengths of one, two and three bytes.
  static let sizes = [0, 1, 127, 128, 300, 20_000]

  func response(size: Int) -> Response {
    let bodies = ["a", "b"].map {
      Resource(ResourceKey(.cluster, $0), body: Array(repeating: 7, count: size))
    }
    return Response(
      typeURL: ResourceType.cluster.url,
      type: .cluster,
      version: "v",
      nonce: "n",
      revision: 1,
      resources: bodies,
      removed: ["x", "y"]
    )
  }

  @Test(arguments: sizes)
  func `a delta response decodes to what was put in`(size: Int) throws {
    let response = response(size: size)
    let decoded = try DeltaResponse(serializedBytes: response.encoded(in: .delta))
    #expect(decoded.systemVersionInfo == "v")
    #expect(decoded.nonce == "n")
    #expect(decoded.typeURL == ResourceType.cluster.url)
    #expect(decoded.removedResources == ["x", "y"])
    #expect(decoded.resources.map(\.name) == ["a", "b"])
    #expect(decoded.resources.map(\.version) == response.resources.map { "\($0.version)" })
    #expect(decoded.resources.allSatisfy { $0.resource.typeURL == ResourceType.cluster.url })
    #expect(decoded.resources.map { Array($0.resource.value) } == response.resources.map(\.body))
    #expect(decoded.unknownFields.data.isEmpty)
  }

  @Test(arguments: sizes)
  func `a state-of-the-world response decodes to what was put in`(size: Int) throws {
    var response = response(size: size)
    response.removed = []
    let decoded = try WholeResponse(serializedBytes: response.encoded(in: .stateOfTheWorld))
    #expect(decoded.versionInfo == "v")
    #expect(decoded.nonce == "n")
    #expect(decoded.typeURL == ResourceType.cluster.url)
    #expect(decoded.resources.map { Array($0.value) } == response.resources.map(\.body))
    #expect(decoded.resources.allSatisfy { $0.typeURL == ResourceType.cluster.url })
  }

  @Test func `X2: both dialects send the bytes that were encoded once`() {
    let response = response(size: 300)
    for resource in response.resources {
      for dialect in [Dialect.delta, .stateOfTheWorld] {
        #expect(response.encoded(in: dialect).contains(resource.envelope))
      }
    }
  }
}

extension Response {
  fileprivate func encoded(in dialect: Dialect) -> [UInt8] {
    var buffer = ByteBuffer()
    buffer.write(self, in: dialect)
    return Array(buffer.readableBytesView)
  }
}
