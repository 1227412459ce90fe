package import Model

/// An instance that registered itself as an endpoint of a service, for as long as it renews that.
package struct Registration: Hashable, Sendable {
  /// What tells it from all others.
  package struct Key: Hashable, Sendable {
    package var service: String
    /// The endpoint's.
    package var id: String

    package init(service: String, id: String) {
      self.service = service
      self.id = id
    }
  }

  /// The service's name.
  package var service: String
  package var endpoint: Endpoint
  /// How long it lives without being renewed.
  package var ttl: TimeSpan

  package init(service: String, endpoint: Endpoint, ttl: TimeSpan) {
    self.service = service
    self.endpoint = endpoint
    self.ttl = ttl
  }

  package var key: Key { Key(service: service, id: endpoint.id) }
}

/// What is to become of one registration.
package enum RegistrationEdit: Hashable, Sendable {
  case put(Registration)
  case remove(Registration.Key)

  package var key: Registration.Key {
    switch self {
    case .put(let registration): registration.key
    case .remove(let key): key
    }
  }
}
