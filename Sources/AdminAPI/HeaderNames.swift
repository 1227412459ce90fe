import HTTPTypes

extension HTTPField.Name {
  static let requestID = literal("X-Request-Id")
  static let chanceryRevision = literal("Chancery-Revision")
  static let chanceryMessage = literal("Chancery-Message")
  static let idempotencyKey = literal("Idempotency-Key")
  static let secFetchSite = literal("Sec-Fetch-Site")
  static let link = literal("Link")
  static let prefer = literal("Prefer")
  static let preferenceApplied = literal("Preference-Applied")

  private static func literal(_ text: String) -> Self {
    guard let name = Self(text) else { preconditionFailure("\(text) cannot name a header.") }
    return name
  }
}
