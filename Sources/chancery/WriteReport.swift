import AdminClient
import ArgumentParser
import Model

/// What became of a write, told to who asked for it.
struct WriteReport {
  let answer: AdminAnswer
  let isDryRun: Bool

  private var content: JSONValue { answer.content }

  private var rollout: JSONValue? { answer.status == 202 ? content["rollout"] : nil }

  /// Says what was done, or would be.
  func tell(_ format: OutputFormat) {
    Terminal.write(format.render(content) { text })
  }

  private var text: String {
    let changes = ChangeList(content)
    if isDryRun {
      return changes.isEmpty
        ? "Nothing would change.\n" : changes.text + resources + content.warningText
    }
    let revision = "revision \(number)"
    // Proxies may lag behind, or have refused, a revision that was there already.
    if answer.status == 202 { return "Committed as \(revision).\n" }
    return changes.text
      + (isUnchanged ? "Nothing changed; still \(revision).\n" : "Made \(revision).\n")
      + content.warningText
  }

  /// A 200 that names no change made nothing.
  private var isUnchanged: Bool {
    answer.status == 200 && content["changes"] != nil && ChangeList(content).isEmpty
  }

  /// What proxies would be sent.
  private var resources: String {
    let counts = ["added", "changed", "removed"].map { operation in
      "\(content["xds"]?[operation]?.elements.count ?? 0) \(operation)"
    }
    return Terminal.colored("xDS resources: \(counts.joined(separator: ", ")).\n", .faint)
  }

  /// - Throws: `CommandFailure` if a proxy refused the revision, or not all have it in time.
  func check() throws {
    guard let proxies = rollout?["proxies"]?.elements else { return }
    let lines = proxies.compactMap(Self.trouble)
    let rejected = proxies.contains { $0["state"] == "rejected" }
    let reason =
      rejected
      ? "A proxy rejected revision \(number), which is committed. To undo it: chancery revert \(number)"
      : "Not every proxy has revision \(number) yet. It is committed; see: chancery proxies"
    throw CommandFailure(rejected ? .rejected : .waited, ([reason] + lines).joined(separator: "\n"))
  }

  private var number: String { answer.revision.map { "\($0)" } ?? "?" }

  private static func trouble(_ proxy: JSONValue) -> String? {
    guard let state = proxy["state"]?.string, state != "acked" else { return nil }
    let message = proxy["rejection"]?["message"]?.string.map { ": \($0)" } ?? ""
    return "  \(proxy["id"]?.string ?? "?"): \(state)\(message)"
  }
}
