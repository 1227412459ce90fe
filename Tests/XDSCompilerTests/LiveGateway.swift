import HashTreeCollections
import Model
import Snapshots
import Subprocess
import XDSCompiler

/// The gateway `main` of a document in a running Envoy, on Unix sockets instead of ports.
///
/// Every service is answered by a listener that says which path it was asked for.
struct LiveGateway {
  struct DidNotStart: Error { var log: [String] }

  private let folder: TemporaryFolder

  /// Runs the body beside an Envoy that is ready for requests.
  static func serving(
    _ document: JSONValue,
    _ body: (LiveGateway) async throws -> Void
  ) async throws {
    let gateway = LiveGateway(folder: try TemporaryFolder())
    let snapshot = try Compilation(of: Document(document)).fleets.others
    let bootstrap = try snapshot.bootstrap(
      gateway: gateway.folder.path(of: "gateway"),
      service: gateway.folder.path(of: "service")
    )
    let file = try gateway.folder.write(bootstrap, to: "envoy.json")
    _ = try await run(
      Envoy.binary,
      arguments: ["-c", file, "--concurrency", "1", "--disable-hot-restart"],
      input: .none,
      output: .discarded,
      error: .sequence
    ) { envoy in
      defer { try? envoy.send(signal: .terminate) }
      try await awaitStart(envoy.standardError)
      try await body(gateway)
    }
  }

  private static func awaitStart(_ output: SubprocessOutputSequence) async throws {
    var log: [String] = []
    for try await line in output.strings() {
      if line.contains("starting main dispatch loop") { return }
      log.append(line)
    }
    throw DidNotStart(log: log)
  }

  /// Sends a request and returns the answer's body, or where it redirects to.
  func answer(
    to path: String,
    host: String = "a.com",
    _ options: String...
  ) async throws -> String {
    let socket = folder.path(of: "gateway")
    let common = ["-s", "--unix-socket", socket, "-H", "Host: \(host)", "-w", "%{redirect_url}"]
    return try await run(
      .name("curl"),
      arguments: Arguments(common + ["--path-as-is"] + options + ["http://gateway" + path]),
      output: .string(limit: 1 << 16)
    ).standardOutput
  }
}

extension Snapshot {
  fileprivate func bootstrap(gateway: String, service: String) throws -> JSONValue {
    let listeners = try self[.listener].byName.values.map { resource in
      try staticListener(resource).json.merging(.onSocket(gateway))
    }
    let clusters: [JSONValue] = self[.cluster].byName.keys.map { name in
      [
        "name": .string(name),
        "load_assignment": [
          "cluster_name": .string(name),
          "endpoints": [["lb_endpoints": [["endpoint": .onSocket(service)]]]],
        ],
      ]
    }
    return [
      "static_resources": [
        "listeners": .array(listeners + [JSONValue.pathListener.merging(.onSocket(service))]),
        "clusters": .array(clusters),
      ]
    ]
  }
}

extension JSONValue {
  fileprivate static func onSocket(_ path: String) -> JSONValue {
    ["address": ["socket_address": .null, "pipe": ["path": .string(path)]]]
  }

  private static let api = "type.googleapis.com/envoy.extensions.filters"

  /// Answers each request with its path.
  fileprivate static let pathListener: JSONValue = [
    "name": "service",
    "filter_chains": [
      [
        "filters": [
          [
            "name": "http",
            "typed_config": [
              "@type": .string(api + ".network.http_connection_manager.v3.HttpConnectionManager"),
              "stat_prefix": "service",
              "http_filters": [
                [
                  "name": "router",
                  "typed_config": ["@type": .string(api + ".http.router.v3.Router")],
                ]
              ],
              "route_config": [
                "virtual_hosts": [
                  [
                    "name": "all", "domains": ["*"],
                    "routes": [
                      [
                        "match": ["prefix": "/"],
                        "direct_response": [
                          "status": 200,
                          "body_format": [
                            "text_format_source": ["inline_string": "%REQ(HOST)% %REQ(:PATH)%"]
                          ],
                        ],
                      ]
                    ],
                  ]
                ]
              ],
            ],
          ]
        ]
      ]
    ],
  ]
}
