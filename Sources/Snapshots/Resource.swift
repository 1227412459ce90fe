/// One encoded xDS resource.
///
/// It is made once and then shared by every stream.
package final class Resource: Sendable {
  /// What is in a resource.
  package struct Content: Sendable {
    /// The serialized protobuf message, without its `Any`.
    package var body: [UInt8]
    package var needs: [ResourceKey]

    package init(body: [UInt8], needs: [ResourceKey]) {
      self.body = body
      self.needs = needs
    }
  }

  package let key: ResourceKey
  /// A hash of `body`, or of what it is made of: equal bytes have equal versions, in every process
  /// and at every time.
  package let version: ContentHash
  /// What the resource adds to the fingerprint of a set that holds it.
  package let fingerprint: ContentHash
  /// True for a cluster that a proxy warms by more than its assignment (a health check, a DNS
  /// lookup), so that only the ACK of the response that carried it tells that it is ready.
  package let warmsBeyondAssignment: Bool
  /// True for a route configuration whose virtual hosts are resources of their own (VHDS).
  package let awaitsVirtualHosts: Bool
  private let form: Form

  /// Encodes the envelope; `body` is the serialized protobuf message, without its `Any`.
  package convenience init(
    _ key: ResourceKey,
    body: [UInt8],
    needs: [ResourceKey] = [],
    warmsBeyondAssignment: Bool = false,
    awaitsVirtualHosts: Bool = false
  ) {
    let version = ContentHash(of: body)
    let encoded = Encoded(Content(body: body, needs: needs), of: key, version)
    self.init(
      key,
      version,
      .made(encoded),
      warmsBeyondAssignment: warmsBeyondAssignment,
      awaitsVirtualHosts: awaitsVirtualHosts
    )
  }

  /// A resource that is made when it is first looked into, by any stream.
  ///
  /// `version` is a hash of what determines the content.
  package convenience init(
    _ key: ResourceKey,
    version: ContentHash,
    content: @escaping @Sendable () -> Content
  ) {
    self.init(key, version, .deferred(Deferred { Encoded(content(), of: key, version) }))
  }

  private init(
    _ key: ResourceKey,
    _ version: ContentHash,
    _ form: Form,
    warmsBeyondAssignment: Bool = false,
    awaitsVirtualHosts: Bool = false
  ) {
    self.key = key
    self.version = version
    self.fingerprint = ContentHash(of: "\(key.name)\u{0}\(version)".utf8)
    self.warmsBeyondAssignment = warmsBeyondAssignment
    self.awaitsVirtualHosts = awaitsVirtualHosts
    self.form = form
  }

  package var type: ResourceType { key.type }
  package var name: String { key.name }

  /// What the resource refers to: it is of use to a proxy only together with these.
  ///
  /// An EDS cluster needs its assignment, a listener its route configuration, and a route
  /// configuration or a virtual host the clusters that its routes name.
  package var needs: [ResourceKey] { encoded.needs }
  /// The resource as field 2 of the message around it, ready to be put on the wire.
  ///
  /// The field is `DiscoveryResponse.resources` and `Resource.resource` alike: both are an `Any`
  /// under the number 2, so that the two dialects share these bytes.
  package var envelope: [UInt8] { encoded.envelope }
  /// What stands before the envelope to make it field 2 of `DeltaDiscoveryResponse`: a `Resource`
  /// with version and name.
  package var deltaHead: [UInt8] { encoded.deltaHead }
  /// The serialized protobuf message, without its `Any`.
  ///
  /// Costs a copy.
  package var body: [UInt8] { Array(envelope.suffix(encoded.bodyCount)) }
}

extension Resource {
  private enum Form: Sendable {
    case made(Encoded)
    case deferred(Deferred<Encoded>)
  }

  private var encoded: Encoded {
    switch form {
    case .made(let encoded): encoded
    case .deferred(let encoded): encoded.value
    }
  }
}

/// A resource as it goes on the wire.
private struct Encoded: Sendable {
  let needs: [ResourceKey]
  let envelope: [UInt8]
  let deltaHead: [UInt8]
  let bodyCount: Int

  init(_ content: Resource.Content, of key: ResourceKey, _ version: ContentHash) {
    needs = content.needs
    envelope = Self.envelope(of: content.body, type: key.type)
    deltaHead = Self.deltaHead(name: key.name, version: version, envelope: envelope)
    bodyCount = content.body.count
  }

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
