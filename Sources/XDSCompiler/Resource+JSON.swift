import EnvoyAPI
package import Model
package import Snapshots
import SwiftProtobuf

extension Resource {
  /// The message in protobuf's JSON, with the field names of Envoy's documentation.
  ///
  /// Of a secret only the name: what it holds is in no answer.
  ///
  /// - Throws: If the bytes are no message of the type, or hold one that is not known here.
  package var json: JSONValue {
    get throws {
      guard let message = type.message else { return ["name": .string(name)] }
      return try message.init(serializedBytes: body).json
    }
  }
}

extension Message {
  /// The message in protobuf's JSON, with the field names of Envoy's documentation.
  package var json: JSONValue {
    get throws {
      packedMessages
      var options = JSONEncodingOptions()
      options.preserveProtoFieldNames = true
      return try JSONValue(json: jsonString(options: options))
    }
  }
}

extension ResourceType {
  fileprivate var message: (any Message.Type)? {
    switch self {
    case .cluster: EnvoyCluster.self
    case .endpoints: EnvoyAssignment.self
    case .listener: EnvoyListener.self
    case .routes: EnvoyRouteConfiguration.self
    case .virtualHost: EnvoyVirtualHost.self
    case .secret: nil
    }
  }
}

/// The messages that stand in `Any` fields of resources, made known to SwiftProtobuf's JSON.
private let packedMessages: Void = {
  let types: [any Message.Type] = [
    EnvoyConnectionManager.self,
    Envoy_Extensions_Filters_Http_Router_V3_Router.self,
    Envoy_Extensions_Network_DnsResolver_Cares_V3_CaresDnsResolverConfig.self,
    Envoy_Extensions_Upstreams_Http_V3_HttpProtocolOptions.self,
  ]
  for type in types { Google_Protobuf_Any.register(messageType: type) }
}()
