import Testing

/// What users see: HTTP in, a real Envoy out.
///
/// One at a time: each test runs several programs, and fails where they would starve each other.
@Suite(.serialized, .timeLimit(.minutes(3)))
enum EndToEnd {}
