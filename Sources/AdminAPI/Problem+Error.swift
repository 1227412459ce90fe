import Hummingbird
import Model
import Store

extension Problem {
  /// What a client is told of an error; nil if it is none of those that a client can understand.
  init?(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let refusal as Refusal: self.init(refusal)
    case let text as MalformedText: self.init(.malformedBody, text.reason)
    case let store as StoreUnavailable: self.init(.unavailable, store.reason)
    case is KeyReused: self = .keyReused
    default: return nil
    }
  }

  private static let keyReused = Problem(
    .keyReused,
    "In the last 24 hours this key came with another body. Take a new key for each write."
  )

  /// All that a client is told of an error that nobody foresaw.
  static let unforeseen = Problem(
    .internalError,
    "This is a fault in Chancery. The log says more under the request's id."
  )
}
