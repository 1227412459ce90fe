import Configuration

extension ConfigReader {
  /// The TLS files of a port, tried out; nil if none is named.
  ///
  /// - Throws: If one is missing without which the others make no TLS, or if they make none.
  func tls(_ port: ControlPlane.Listener) throws(SettingsError) -> TLSFiles? {
    let keys = (
      certificate: "\(port)-tls-certificate", key: "\(port)-tls-key", clientCA: "\(port)-client-ca"
    )
    let clientCA = port == .xds ? string(forKey: ConfigKey(keys.clientCA)) : nil
    let certificate = string(forKey: ConfigKey(keys.certificate))
    let key = string(forKey: ConfigKey(keys.key))
    if certificate == nil, key == nil, clientCA == nil { return nil }
    guard let certificate else { throw .missing(keys.certificate) }
    guard let key else { throw .missing(keys.key) }
    let files = TLSFiles(certificate: certificate, key: key, clientCA: clientCA)
    do throws(TLSFault) {
      _ = try files.context(of: files.read(), protocols: [])
    } catch {
      let setting =
        switch error.part {
        case .certificate: keys.certificate
        case .key: keys.key
        case .clientCA: keys.clientCA
        }
      throw SettingsError(description: "\(spellings(of: setting)): \(error)")
    }
    return files
  }
}

extension SettingsError {
  fileprivate static func missing(_ setting: String) -> SettingsError {
    SettingsError(
      description: "TLS needs \(spellings(of: setting)) too: a certificate and its key go together."
    )
  }
}
