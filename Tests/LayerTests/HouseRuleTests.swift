import Testing

/// Fails for each line of the hand-written sources that breaks a rule.
private func forbid(_ advice: String, _ breaks: (SourceFile, Int) -> Bool) throws {
  for file in try SourceFile.all(in: "Sources") where file.module != "EnvoyAPI" {
    for index in file.lines.indices where breaks(file, index) {
      Issue.record("\(file.path):\(index + 1): \(file.lines[index])\n\(advice)")
    }
  }
}

private let forbidden = [
  ("fatalError(", "Say with an error what went wrong, or make the state impossible."),
  ("try!", "Handle the error, or let it through."),
  ("@unchecked", "Use a Mutex; the compiler cannot check what it is told to believe."),
  ("nonisolated(unsafe)", "Use a Mutex; the compiler cannot check what it is told to believe."),
  ("DispatchQueue", "Use structured tasks, or a Mutex."),
  ("print(", "Log, or write to standard output from the command."),
]

@Test(arguments: forbidden)
func `sources do without it`(_ word: String, _ instead: String) throws {
  try forbid(instead) { file, index in
    if word == "print(", file.module == "chancery" { return false }
    return !file.isComment(index) && file.hasWord(word, at: index)
  }
}

/// Properties, initialisers and operators say by their names and types what they are; they have a
/// comment where that is not all.
@Test func `each type and function that other modules see has a comment`() throws {
  try forbid("Say above it, in one sentence, what it is or does.") { file, index in
    file.declaresVisibly(at: index) && !file.hasDocumentation(above: index)
  }
}

@Test func `nothing is public: an application has no users but its own modules`() throws {
  try forbid("Use `package`.") { file, index in
    file.lines[index].firstMatch(of: /^\s*(?:@\w+\s+)*public\s/) != nil
  }
}

@Test func `no file is longer than 400 lines`() throws {
  try forbid("The file is too long: cut it where the subject changes.") { _, index in index == 401 }
}
