package import GRPCCore
package import Logging
package import Snapshots

/// Envoy's discovery services over gRPC: pumps one session per stream.
package struct DiscoveryService: RegistrableRPCService {
  package init(board: SnapshotBoard, logger: Logger) {}

  package func registerMethods<Transport: ServerTransport>(
    with router: inout RPCRouter<Transport>
  ) {}
}
