/// A format of bodies, with the names that it goes by.
enum MediaType: Sendable {
  case json, mergePatch, yaml, prometheus, sqlite

  /// The media type (RFC 6838) that answers bear.
  var name: String { names[0] }

  var names: [String] {
    switch self {
    case .json: ["application/json"]
    case .mergePatch: ["application/merge-patch+json"]
    // RFC 9512, section 2.1, with the names that were in use before.
    case .yaml: ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"]
    // Prometheus, "Exposition formats": the version is part of the type.
    case .prometheus: ["text/plain; version=0.0.4", "text/plain"]
    // As registered with IANA.
    case .sqlite: ["application/vnd.sqlite3"]
    }
  }
}

extension [MediaType] {
  /// The format of a `Content-Type`; nil if it is none of these, or not in UTF-8.
  func format(of contentType: String) -> MediaType? {
    let parts = contentType.lowercased().split(separator: ";").map(\.trimmed)
    let isUTF8 = parts.dropFirst().allSatisfy { parameter in
      !parameter.hasPrefix("charset=")
        || ["charset=utf-8", "charset=\"utf-8\"", "charset=us-ascii"].contains(parameter)
    }
    guard isUTF8, let name = parts.first else { return nil }
    return first { $0.names.contains(String(name)) }
  }

  /// The best of these for an `Accept` (RFC 9110, section 12.5.1), the first of equals, by any of
  /// its names; nil if none is accepted.
  func best(for accept: String?) -> MediaType? {
    guard let accept, !accept.trimmed.isEmpty else { return first }
    let ranges = accept.lowercased().split(separator: ",").map { AcceptRange($0) }
    var best: (format: MediaType, quality: Double)?
    for format in self {
      let quality = format.names.map(ranges.quality).max() ?? 0
      if quality > best?.quality ?? 0 { best = (format, quality) }
    }
    return best?.format
  }
}

/// One media range of an `Accept` header.
private struct AcceptRange {
  var name: Substring
  var quality: Double

  init(_ text: Substring) {
    let parts = text.split(separator: ";").map(\.trimmed)
    name = parts.first ?? ""
    quality =
      parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
  }

  /// How closely it fits: 0 not at all, 3 by its full name.
  func fit(_ mediaType: String) -> Int {
    if name == mediaType { return 3 }
    if name.hasSuffix("/*"), mediaType.hasPrefix(name.dropLast()), name != "*/*" { return 2 }
    return name == "*/*" || name == "*" ? 1 : 0
  }
}

extension [AcceptRange] {
  fileprivate func quality(of mediaType: String) -> Double {
    let closest = self.max { $0.fit(mediaType) < $1.fit(mediaType) }
    guard let closest, closest.fit(mediaType) > 0 else { return 0 }
    return closest.quality
  }
}

extension StringProtocol {
  fileprivate var trimmed: SubSequence {
    let start = firstIndex { !$0.isWhitespace } ?? endIndex
    let end = lastIndex { !$0.isWhitespace }.map(index(after:)) ?? start
    return self[start..<end]
  }
}
