package import Configuration
package import Logging
package import Model

/// All that `chancery serve` can be told.
package struct Settings: Sendable {
  /// How log lines are written.
  package enum LogFormat: String, CaseIterable, Sendable { case text, json }

  /// The database's path; made if there is none.
  package var database = "chancery.db"
  package var adminAddress = ListenAddress(host: "127.0.0.1", port: 18001)
  package var xdsAddress = ListenAddress(host: "127.0.0.1", port: 18000)
  /// What the xDS port's TLS is made of; nil speaks in the clear.
  package var xdsTLS: TLSFiles?
  /// What the admin port's TLS is made of; nil speaks in the clear.
  package var adminTLS: TLSFiles?
  package var logLevel = Logger.Level.info
  package var logFormat = LogFormat.text
  /// Whether a new database starts with a gateway `default` on port 8080.
  package var hasDefaultGateway = true
  /// Allows addresses that other machines can reach, although nobody has to say who they are.
  package var isInsecure = false
  /// Whether callers of the API need a token even while there is none.
  package var requiresAuthentication = false
  /// Hosts, beside the loopback ones and the admin address's own, that a request to the API may
  /// name; `*` is every host.
  package var allowedHosts: Set<String> = []

  /// How long a proxy that is gone is remembered.
  package var proxyRetention = TimeSpan.hours(24)

  package init() {}

  /// The names of all settings, as flags and in a file.
  package static let keys: Set = [
    "database", "admin-address", "xds-address", "log-level", "log-format", "no-default-gateway",
    "insecure", "allowed-host", "xds-tls-certificate", "xds-tls-key", "xds-client-ca",
    "admin-tls-certificate", "admin-tls-key", "proxy-retention",
    "require-authentication",
  ]
}

/// A setting that makes no sense, or does not with another.
package struct SettingsError: Error, CustomStringConvertible {
  package var description: String
}

extension Settings {
  /// Reads settings; each one that is absent keeps its default.
  ///
  /// The keys are named as the flags are; `no-default-gateway`, `insecure` and
  /// `require-authentication` are booleans, `allowed-host` is a list, and all others are texts.
  ///
  /// - Throws: The first that makes no sense.
  package init(config: ConfigReader) throws(SettingsError) {
    self.init()
    database = config.string(forKey: "database", default: database)
    adminAddress = try config.address("admin-address", default: adminAddress)
    xdsAddress = try config.address("xds-address", default: xdsAddress)
    logLevel = try config.choice("log-level", of: Logger.Level.self) ?? logLevel
    logFormat = try config.choice("log-format", of: LogFormat.self) ?? logFormat
    hasDefaultGateway = try !(config.flag("no-default-gateway") ?? false)
    isInsecure = try config.flag("insecure") ?? isInsecure
    requiresAuthentication =
      try config.flag("require-authentication") ?? requiresAuthentication
    allowedHosts = Set(config.stringArray(forKey: "allowed-host", default: []))
    xdsTLS = try config.tls(.xds)
    adminTLS = try config.tls(.admin)
    proxyRetention = try config.timeSpan("proxy-retention") ?? proxyRetention
    try checkDatabase()
    try checkXDSHost()
    try checkReach()
  }

  /// - Throws: If the path is none, or what SQLite itself takes for a database in memory.
  private func checkDatabase() throws(SettingsError) {
    guard database.isEmpty || database == ":memory:" else { return }
    throw SettingsError(
      description: "\(spellings(of: "database")) must be a file's path, not \"\(database)\"."
    )
  }

  /// - Throws: If the xDS port is to listen on a name: nobody would look it up.
  private func checkXDSHost() throws(SettingsError) {
    let host = xdsAddress.host
    if host == "localhost" || !Endpoint(address: host, port: xdsAddress.port).isNamed { return }
    throw SettingsError(
      description: "\(spellings(of: "xds-address")) needs an IP address, not the name \"\(host)\"."
    )
  }

  /// - Throws: If other machines could reach an address without having to say who they are.
  private func checkReach() throws(SettingsError) {
    if adminTLS == nil || !requiresAuthentication {
      try checkReach(
        "admin-address",
        adminAddress,
        "callers need no token, or send it in the clear: give --require-authentication,"
          + " --admin-tls-certificate and --admin-tls-key"
      )
    }
    if xdsTLS?.clientCA != nil { return }
    try checkReach(
      "xds-address",
      xdsAddress,
      "proxies need not say who they are: only with --xds-client-ca they must"
    )
  }

  private func checkReach(
    _ name: String,
    _ address: ListenAddress,
    _ gap: String
  ) throws(SettingsError) {
    if address.isLoopback || isInsecure { return }
    throw SettingsError(
      description: """
        \(spellings(of: name)) is \(address), which other machines can reach, and \(gap). Use a \
        loopback address such as 127.0.0.1:\(address.port), or say --insecure if the network \
        itself keeps others out.
        """
    )
  }

  /// The hosts that the API takes requests for, beside the loopback ones; nil is every host.
  var effectiveAllowedHosts: Set<String>? {
    // A page whose name was bound again has no token.
    if allowedHosts.contains("*") || requiresAuthentication { return nil }
    let own = adminAddress.isUnspecified ? [] : [adminAddress.urlHost]
    return Set(allowedHosts.union(own).map { $0.lowercased() })
  }
}

/// How a setting is spelt as a flag and as an environment variable.
func spellings(of key: String) -> String {
  "--\(key) (CHANCERY_\(key.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()))"
}

extension ConfigReader {
  fileprivate func address(
    _ key: ConfigKey,
    default address: ListenAddress
  ) throws(SettingsError) -> ListenAddress {
    try parsed(key, "HOST:PORT, such as \(address)", ListenAddress.init) ?? address
  }

  fileprivate func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: ConfigKey,
    of: Choice.Type
  ) throws(SettingsError) -> Choice? {
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return try parsed(key, "one of: \(names)") { Choice(rawValue: $0) }
  }

  fileprivate func timeSpan(_ key: ConfigKey) throws(SettingsError) -> TimeSpan? {
    try parsed(key, "a length of time, such as 24h or 1h30m") { TimeSpan($0) }
  }

  fileprivate func flag(_ key: ConfigKey) throws(SettingsError) -> Bool? {
    if let flag = bool(forKey: key) { return flag }
    return try parsed(key, "true or false") { Bool($0) }
  }

  private func parsed<Value>(
    _ key: ConfigKey,
    _ wanted: String,
    _ parse: (String) -> Value?
  ) throws(SettingsError) -> Value? {
    guard let text = string(forKey: key) else { return nil }
    if let value = parse(text) { return value }
    throw SettingsError(
      description: "\(spellings(of: "\(key)")) must be \(wanted), not \"\(text)\"."
    )
  }
}
