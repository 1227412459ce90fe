import Yams

extension JSONValue {
  /// Reads one YAML document by the core schema of YAML 1.2.
  ///
  /// Only `true` and `false` are booleans, a date is a text, and keys are texts as they are written.
  ///
  /// - Throws: `MalformedText` if the bytes are none, or say what JSON cannot: aliases, tags,
  ///   keys that are collections, infinite numbers, a key twice; or nest deeper than 128 levels.
  package init(yaml bytes: some Sequence<UInt8>) throws(MalformedText) {
    self = try YAMLReader(Array(bytes)).read()
  }

  package init(yaml text: String) throws(MalformedText) { try self.init(yaml: text.utf8) }

  /// The value as a YAML document, members sorted by name; reading it gives the value again.
  ///
  /// Texts that YAML 1.1 or 1.2 would take for something else are in quotes.
  package var yaml: String {
    let text = try? serialize(node: node, indent: 2, width: -1, allowUnicode: true)
    // Every node here can be written: no anchors, no tags, texts of valid Unicode.
    return text ?? ""
  }

  private var node: Node {
    switch self {
    case .null: Node("null", Tag(.null))
    case .bool(let bool): Node(bool ? "true" : "false", Tag(.bool))
    case .integer(let integer): Node("\(integer)", Tag(.int))
    case .number(let number): Node("\(number)", Tag(.float))
    case .string(let text): Self.textNode(text)
    case .array(let elements):
      Node(elements.map(\.node), Tag(.seq), elements.isEmpty ? .flow : .block)
    case .object(let members):
      Node(
        members.sorted { $0.key < $1.key }.map { (Self.textNode($0.key), $0.value.node) },
        Tag(.map),
        members.isEmpty ? .flow : .block
      )
    }
  }

  private static func textNode(_ text: String) -> Node {
    let isPlain = JSONValue(plainScalar: text) == .string(text) && !isOtherByYAML11(text)
    return Node(text, Tag(.str), isPlain ? .any : .doubleQuoted)
  }

  /// Whether a reader of YAML 1.1 takes it for a boolean, number, date or merge key.
  private static func isOtherByYAML11(_ text: String) -> Bool {
    text.utf8.count < 64 && Resolver.default.resolveTag(of: Node(text)) != .str
  }
}
