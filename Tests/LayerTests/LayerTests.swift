import Testing

/// What a module may import, and why no more.
struct Layer: CustomTestStringConvertible, Sendable {
  var module: String
  var imports: Set<String>
  var reason: String

  init(_ module: String, _ reason: String, imports: String) {
    self.module = module
    self.imports = Set(imports.split(separator: " ").map(String.init))
    self.reason = reason
  }

  var testDescription: String { module }
}

private let layers = [
  Layer(
    "Model",
    "It says what an operator says. It knows no storage, no HTTP, and nothing of Envoy's vocabulary.",
    imports: "CRE2 CYaml Foundation HashTreeCollections Yams"
  ),
  Layer(
    "Snapshots",
    "It holds what a proxy is sent, as bytes. It knows no service or route, and no protobuf.",
    // Foundation for the Date of a stream's opening.
    imports: "Crypto Foundation HashTreeCollections Synchronization"
  ),
  Layer(
    "XDSSession",
    "The protocol is a value: no gRPC, no clock, no lock, no I/O, so that tables can test it.",
    imports: "HashTreeCollections Snapshots"
  ),
  Layer(
    "EnvoyAPI",
    "It is generated, and nothing in it is by hand.",
    imports: "Foundation FoundationEssentials SwiftProtobuf"
  ),
  Layer(
    "PrometheusMetrics",
    "It is a backend of swift-metrics, for whatever is measured. It knows nothing of Chancery.",
    imports: "Metrics Synchronization"
  ),
  Layer(
    "Store",
    "It holds the only SQL. What a revision compiles to is not its business: the gate is a closure.",
    // The system's C library for the identity of a file, Crypto for the digests of tokens.
    imports: """
      Crypto Darwin Foundation GRDB Glibc HashTreeCollections Logging Metrics Model ServiceLifecycle \
      Synchronization
      """
  ),
  Layer(
    "XDSCompiler",
    "Pure functions: the same object makes the same bytes, so no I/O, no clock, no log.",
    // Foundation for the Data of protobuf's messages.
    imports: "EnvoyAPI Foundation HashTreeCollections Model Snapshots SwiftProtobuf"
  ),
  Layer(
    "EventLoopGRPC",
    "It is gRPC on HTTP/2 frames, for any methods: it knows nothing of xDS.",
    imports: "NIOCore NIOHPACK NIOHTTP2"
  ),
  Layer(
    "XDSServer",
    "It runs sessions on event loops. It knows no service or route, and no store.",
    // RE2 for the matchers of nodes in requests for client status.
    imports: """
      CRE2 EnvoyAPI EventLoopGRPC HashTreeCollections Logging Metrics NIOCore Snapshots \
      SwiftProtobuf Synchronization XDSSession
      """
  ),
  Layer(
    "Publisher",
    """
    It carries revisions from the store to the board, and what proxies report back to the store. It \
    knows no SQL, no gRPC and no HTTP.
    """,
    // Foundation for dates.
    imports: """
      Foundation HashTreeCollections Logging Metrics Model ServiceLifecycle Snapshots Store \
      Synchronization XDSCompiler
      """
  ),
  Layer(
    "AdminAPI",
    "It speaks HTTP and JSON. It knows no SQL, no gRPC, and nothing of Envoy's protobuf.",
    imports: """
      Foundation HTTPTypes HashTreeCollections Hummingbird Logging Metrics Model NIOCore \
      PrometheusMetrics Publisher Snapshots Store Synchronization
      """
  ),
  Layer(
    "ControlPlane",
    "It wires the others together, and is the only one that chooses transports and reads settings.",
    imports: """
      AdminAPI Configuration Darwin Foundation Glibc HTTPTypes Hummingbird HummingbirdCore Logging \
      Metrics Model NIOCore NIOHTTP1 NIOPosix NIOSSL NIOTLS PrometheusMetrics \
      Publisher ServiceLifecycle Snapshots Store Synchronization SystemPackage UnixSignals XDSCompiler XDSServer
      """
  ),
  Layer(
    "AdminClient",
    "It calls the API over HTTP, as anybody could: it knows nothing of what is behind.",
    imports: "AsyncHTTPClient Foundation Model NIOCore NIOHTTP1 NIOSSL"
  ),
  Layer(
    "chancery",
    "It is the command: arguments in, exit code out. ControlPlane serves, AdminClient calls.",
    // The store to verify a file, for which no server runs.
    imports: """
      AdminClient ArgumentParser Configuration ControlPlane Darwin Foundation Glibc Logging Model \
      NIOCore Store
      """
  ),
  Layer(
    "chancery-bench",
    """
    It measures what the other modules do, by their own interfaces; SQLite and gRPC by themselves \
    are what it compares with and connects by.
    """,
    // HTTP/2 frames for many streams at the least cost of the client's; HTTP/1 to and behind Envoy.
    imports: """
      AdminClient ArgumentParser AsyncHTTPClient EnvoyAPI Foundation GRDB GRPCCore \
      GRPCNIOTransportHTTP2Posix HashTreeCollections Logging Model NIOCore NIOHPACK NIOHTTP1 \
      NIOHTTP2 NIOPosix NIOSSL Store SwiftProtobuf Synchronization UnixSignals
      """
  ),
]

@Test(arguments: layers)
func `a module imports what its layer allows`(_ layer: Layer) throws {
  let files = try SourceFile.all(in: "Sources/\(layer.module)")
  #expect(!files.isEmpty, "There is no module \(layer.module); take it off the list.")
  for file in files {
    for module in file.imports where !layer.imports.contains(module) {
      Issue.record(
        """
        \(file.path) imports \(module). \(layer.reason) \
        It may import: \(layer.imports.sorted().joined(separator: ", ")).
        """
      )
    }
  }
}

@Test func `every module has its layer`() throws {
  let modules = Set(try SourceFile.all(in: "Sources").map(\.module))
  #expect(
    modules.subtracting(layers.map(\.module)) == [],
    "Say in LayerTests what they may import."
  )
}
