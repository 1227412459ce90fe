extension RouteMatch {
  /// The pattern that takes just these methods, as Envoy is told it.
  package static func pattern(ofMethods methods: [String]) -> String {
    methods.map(quotedForRE2).joined(separator: "|")
  }

  /// A pattern for just this ASCII text.
  private static func quotedForRE2(_ text: String) -> String {
    text.reduce(into: "") { pattern, character in
      if !character.isLetter, !character.isNumber, character != "_" { pattern += "\\" }
      pattern.append(character)
    }
  }
}
