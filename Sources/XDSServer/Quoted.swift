import Logging

extension Logger.MetadataValue {
  /// Text from outside as one line of printable characters: it cannot pass for lines of the log, nor
  /// steer a terminal.
  ///
  /// Of a longer text only `limit` characters (Unicode scalars) are taken, and an ellipsis.
  static func quoted(_ text: String, limit: Int) -> Self {
    var line = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      line += scalar.isPrintable ? String(scalar) : scalar.escaped(asASCII: true)
    }
    return .string(text.unicodeScalars.count > limit ? line + "…" : line)
  }
}

extension Unicode.Scalar {
  fileprivate var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
