import CRE2
import EnvoyAPI
import EventLoopGRPC

/// Which proxies a request for client status is about: those that any of its matchers matches, or
/// all if there is none.
///
/// Source: Envoy, `envoy.service.status.v3.ClientStatusRequest` and `NodeMatcher`.
struct NodeFilter {
  private let matchers: [Envoy_Type_Matcher_V3_NodeMatcher]

  /// - Throws: `INVALID_ARGUMENT` if a matcher cannot be applied.
  init(_ matchers: [Envoy_Type_Matcher_V3_NodeMatcher]) throws(GRPCStatus) {
    for matcher in matchers { try matcher.check() }
    self.matchers = matchers
  }

  func includes(_ id: String) -> Bool {
    matchers.isEmpty || matchers.contains { !$0.hasNodeID || $0.nodeID.matches(id) }
  }
}

extension Envoy_Type_Matcher_V3_NodeMatcher {
  fileprivate func check() throws(GRPCStatus) {
    if !nodeMetadatas.isEmpty {
      throw GRPCStatus(
        .invalidArgument,
        "node_metadatas cannot be matched: the metadata of proxies is not kept."
      )
    }
    if hasNodeID { try nodeID.check() }
  }
}

extension Envoy_Type_Matcher_V3_StringMatcher {
  fileprivate func check() throws(GRPCStatus) {
    if matchPattern == nil {
      throw GRPCStatus(.invalidArgument, "A node_id matcher has no pattern.")
    }
    if case .safeRegex(let regex) = matchPattern, fullMatch(of: regex.regex, in: "") == nil {
      throw GRPCStatus(.invalidArgument, "RE2 refuses the regex of a node_id matcher.")
    }
  }

  fileprivate func matches(_ text: String) -> Bool {
    let id = ignoreCase ? text.lowercased() : text
    func folded(_ pattern: String) -> String { ignoreCase ? pattern.lowercased() : pattern }
    return switch matchPattern {
    case .exact(let pattern): id == folded(pattern)
    case .prefix(let pattern): id.hasPrefix(folded(pattern))
    case .suffix(let pattern): id.hasSuffix(folded(pattern))
    case .contains(let pattern): pattern.isEmpty || id.contains(folded(pattern))
    case .safeRegex(let regex): fullMatch(of: regex.regex, in: text) ?? false
    case nil: false
    }
  }

  /// Whether all of the text matches; nil if RE2 refuses the pattern.
  private func fullMatch(of pattern: String, in text: String) -> Bool? {
    switch cre2_full_match(pattern, pattern.utf8.count, text, text.utf8.count) {
    case 0: false
    case 1: true
    default: nil
    }
  }
}
