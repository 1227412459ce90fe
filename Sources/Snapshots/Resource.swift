/// One encoded xDS resource.
///
/// It is made once and then shared by every stream.
package final class Resource: Sendable {
  package let key: ResourceKey
  /// A hash of `body`: equal bytes have equal versions, in every process and at every time.
  package let version: ContentHash
  /// What the resource adds to the fingerprint of a set that holds it.
  package let fingerprint: ContentHash
  /// What the resource refers to: it is of use to a proxy only together with these.
  ///
  /// An EDS cluster needs its assignment, a listener its route configuration, and a route
  /// configuration the clusters that its routes name.
  package let needs: [ResourceKey]
  /// True for a cluster that a proxy warms by more than its assignment (a health check, a DNS
  /// lookup), so that only the ACK of the response that carried it tells that it is ready.
  package let warmsBeyondAssignment: Bool
  /// The resource as field 2 of the message around it, ready to be put on the wire.
  ///
  /// The field is `DiscoveryResponse.resources` and `Resource.resource` alike: both are an `Any`
  /// under the number 2, so that the two dialects share these bytes.
  package let envelope: [UInt8]
  /// What stands before the envelope to make it field 2 of `DeltaDiscoveryResponse`: a `Resource`
  /// with version and name.
  package let deltaHead: [UInt8]
  private let bodyCount: Int

  /// Encodes the envelope; `body` is the serialized protobuf message, without its `Any`.
  package init(
    _ key: ResourceKey,
    body: [UInt8],
    needs: [ResourceKey] = [],
    warmsBeyondAssignment: Bool = false
  ) {
    self.key = key
    self.version = ContentHash(of: body)
    self.fingerprint = ContentHash(of: "\(key.name)\u{0}\(version)".utf8)
    self.needs = needs
    self.warmsBeyondAssignment = warmsBeyondAssignment
    self.envelope = Self.envelope(of: body, type: key.type)
    self.deltaHead = Self.deltaHead(name: key.name, version: version, envelope: envelope)
    self.bodyCount = body.count
  }

  package var type: ResourceType { key.type }
  package var name: String { key.name }
  /// The serialized protobuf message, without its `Any`.
  ///
  /// Costs a copy.
  package var body: [UInt8] { Array(envelope.suffix(bodyCount)) }

  /// `Any` is `type_url = 1`, `value = 2`; the value stands last, so that `body` is a suffix.
  private static func envelope(of body: [UInt8], type: ResourceType) -> [UInt8] {
    var any: [UInt8] = []
    any.reserveCapacity(body.count + 96)
    any.appendField(1, type.url.utf8)
    any.appendField(2, body)
    var envelope: [UInt8] = []
    envelope.reserveCapacity(any.count + 8)
    envelope.appendField(2, any)
    return envelope
  }

  /// `Resource` is `version = 1`, `resource = 2`, `name = 3`; the envelope stands last.
  private static func deltaHead(name: String, version: ContentHash, envelope: [UInt8]) -> [UInt8] {
    var fields: [UInt8] = []
    fields.appendField(1, version.description.utf8)
    fields.appendField(3, nonEmpty: name)
    var head: [UInt8] = []
    head.appendField(2, byteCount: fields.count + envelope.count)
    return head + fields
  }
}
