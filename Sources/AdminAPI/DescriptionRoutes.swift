import Hummingbird
import Model
import NIOCore

/// The operations that give the API's own description, `openapi/chancery.yaml`.
enum DescriptionRoutes {
  static var operations: [Operation] {
    [
      Operation(.get, "/openapi.yaml", answers: [.yaml]) { call in
        Response(
          status: .ok,
          headers: [.contentType: call.answerFormat.name],
          body: ResponseBody(byteBuffer: yaml)
        )
      },
      Operation(.get, "/openapi.json") { call in Response(.ok, json, to: call) },
    ]
  }

  private static let yaml = ByteBuffer(bytes: PackageResources.chancery_yaml)

  /// The same in JSON; null if the file were no YAML, which a test rules out.
  private static let json = (try? JSONValue(yaml: PackageResources.chancery_yaml)) ?? .null
}
