import CYaml

/// Reads one YAML document as libyaml's events tell it, by YAML 1.2's core schema (section 10.3).
///
/// Yams' own composition is not for strangers' texts: aliases in each other make its nodes deeper
/// than any stack, and keys that are collections are hashed again at each level.
final class YAMLReader {
  private let bytes: [UInt8]
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private var builder = ValueBuilder()

  init(_ bytes: [UInt8]) {
    // With its encoding set, libyaml takes a byte order mark for content.
    self.bytes = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes[3...]) : bytes
    yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// - Throws: `MalformedText` unless the bytes are one document that JSON could say as well.
  func read() throws(MalformedText) -> JSONValue {
    let outcome: Result<Void, MalformedText> = bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
      return Result { () throws(MalformedText) in try readEvents() }
    }
    try outcome.get()
    guard let value = builder.result else { throw MalformedText(reason: "There is no content.") }
    return value
  }

  private func readEvents() throws(MalformedText) {
    while try readEvent() != YAML_STREAM_END_EVENT {}
  }

  private func readEvent() throws(MalformedText) -> yaml_event_type_t {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
    defer { yaml_event_delete(&event) }
    try take(event)
    return event.type
  }

  private func take(_ event: yaml_event_t) throws(MalformedText) {
    switch event.type {
    case YAML_DOCUMENT_START_EVENT where builder.isComplete:
      throw fault(event, "A second document begins. Send one only.")
    case YAML_ALIAS_EVENT:
      throw fault(
        event,
        "Aliases (\"*name\") are not taken. Write the value out, or quote the text."
      )
    case YAML_SCALAR_EVENT: try takeScalar(event)
    case YAML_SEQUENCE_START_EVENT:
      try check(event.data.sequence_start.tag, of: event)
      try begin(event, object: false)
    case YAML_MAPPING_START_EVENT:
      try check(event.data.mapping_start.tag, of: event)
      try begin(event, object: true)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: builder.end()
    default: break
    }
  }

  private func begin(_ event: yaml_event_t, object isObject: Bool) throws(MalformedText) {
    if builder.awaitsKey { throw fault(event, "A key must be a text.") }
    guard builder.begin(object: isObject) else { throw fault(event, MalformedText.tooDeep) }
  }

  private func takeScalar(_ event: yaml_event_t) throws(MalformedText) {
    let scalar = event.data.scalar
    let text = String(
      decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
      as: UTF8.self
    )
    let isText = try check(scalar.tag, of: event) || scalar.plain_implicit == 0
    if builder.awaitsKey {
      guard builder.key(text) else { throw fault(event, MalformedText.duplicate(text)) }
    } else if isText {
      builder.add(.string(text))
    } else if let value = JSONValue(plainScalar: text) {
      builder.add(value)
    } else {
      throw fault(event, "Numbers must be finite. Quote \"\(text.prefix(40))\" if it is a text.")
    }
  }

  /// Whether the tag says that the value is a text; no other tag is taken.
  @discardableResult
  private func check(
    _ tag: UnsafePointer<yaml_char_t>?,
    of event: yaml_event_t
  ) throws(MalformedText) -> Bool {
    guard let tag else { return false }
    let name = String(cString: tag)
    if event.type == YAML_SCALAR_EVENT, ["!", "tag:yaml.org,2002:str"].contains(name) {
      return true
    }
    throw fault(event, "Tags such as \"\(name.prefix(100))\" are not taken, except !!str.")
  }

  private func fault(_ event: yaml_event_t, _ reason: String) -> MalformedText {
    MalformedText(
      line: event.start_mark.line + 1,
      column: event.start_mark.column + 1,
      reason
    )
  }

  /// What libyaml says, which is the middle of a sentence.
  private var failure: MalformedText {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
    let context = parser.pointee.context.map { " (\(String(cString: $0)))" } ?? ""
    // It looks further ahead than it tells, so it may meet its own limit first.
    let isTooDeep = problem.hasPrefix("Maximum nesting level")
    let reason = isTooDeep ? MalformedText.tooDeep : "It is not YAML: \(problem)\(context)."
    if parser.pointee.error == YAML_READER_ERROR {
      return MalformedText(at: parser.pointee.problem_offset, in: bytes, reason)
    }
    let mark = parser.pointee.problem_mark
    return MalformedText(line: mark.line + 1, column: mark.column + 1, reason)
  }
}
