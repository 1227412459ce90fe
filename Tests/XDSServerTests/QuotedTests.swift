import Logging
import Testing

@testable import XDSServer

struct QuotedTests {
  @Test(arguments: [
    ("plain \"text\" in Größe", "plain \"text\" in Größe"),
    ("a\n2026 info forged", #"a\n2026 info forged"#),
    ("\r\u{0}\u{1B}[2J", #"\r\0\u{1B}[2J"#),
    ("a\u{2028}b\u{202E}c", #"a\u{2028}b\u{202E}c"#),
    ("1234567890", "1234567890"),
  ])
  func `text from outside is one line in the log`(text: String, line: String) {
    #expect(Logger.MetadataValue.quoted(text, limit: 100) == .string(line))
  }

  @Test func `a long text from outside is cut`() {
    #expect(Logger.MetadataValue.quoted("1234567890", limit: 10) == "1234567890")
    #expect(Logger.MetadataValue.quoted("12345678901", limit: 10) == "1234567890…")
  }
}
