import EnvoyAPI
import Snapshots
import XDSSession

/// A request as it came: what the session is to know, and who says it.
struct ProxyRequest: Sendable {
  /// nil if the message names no node, as all but a stream's first may.
  var node: ProxyNode?
  var request: Request
}

extension ProxyRequest {
  init(_ message: Envoy_Service_Discovery_V3_DiscoveryRequest) {
    node = message.hasNode ? ProxyNode(message.node) : nil
    request = Request(
      message.typeURL,
      .whole(names: message.resourceNames, version: message.versionInfo),
      nonce: message.responseNonce,
      error: message.hasErrorDetail ? message.errorDetail.text : nil
    )
  }

  init(_ message: Envoy_Service_Discovery_V3_DeltaDiscoveryRequest) {
    node = message.hasNode ? ProxyNode(message.node) : nil
    request = Request(
      message.typeURL,
      .change(
        subscribe: message.resourceNamesSubscribe,
        unsubscribe: message.resourceNamesUnsubscribe,
        holding: message.initialResourceVersions
      ),
      nonce: message.responseNonce,
      error: message.hasErrorDetail ? message.errorDetail.text : nil
    )
  }
}

extension Google_Rpc_Status {
  /// The message without the line feeds that Envoy ends it with.
  fileprivate var text: String {
    String(message.reversed().drop(while: \.isWhitespace).reversed())
  }
}

extension ProxyNode {
  /// Of an id and of a fleet's name, in bytes.
  static let longest = 1024

  init(_ node: Envoy_Config_Core_V3_Node) {
    self.init(
      id: node.id,
      fleet: node.cluster,
      version: node.version,
      locality: Locality(
        region: node.locality.region,
        zone: node.locality.zone,
        subZone: node.locality.subZone
      )
    )
  }
}

extension Envoy_Config_Core_V3_Node {
  fileprivate var version: String {
    switch userAgentVersionType {
    case .userAgentBuildVersion(let build):
      let version = build.version
      return "\(version.majorNumber).\(version.minorNumber).\(version.patch)"
    case .userAgentVersion(let version): return version
    case nil: return ""
    }
  }
}
