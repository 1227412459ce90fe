import EnvoyAPI
import Model
import SwiftProtobuf

extension EnvoyRoute.OneOf_Action {
  /// What the route does; `rewrite` takes the place of the matched text, as Envoy is told.
  init(_ route: Route, rewrite: String?) {
    var action = Envoy_Config_Route_V3_RouteAction()
    if let timeout = route.timeout { action.timeout = .init(timeout) }
    if let rewrite { action.prefixRewrite = rewrite }
    switch route.action {
    case .service(let service):
      action.cluster = service
      self = .route(action)
    case .backends(let backends):
      action.weightedClusters.clusters = backends.map { backend in
        .with {
          $0.name = backend.service
          $0.weight = .init(UInt32(backend.weight ?? 1))
        }
      }
      self = .route(action)
    case .redirect(let redirect): self = .redirect(.init(redirect))
    case .respond(let response): self = .directResponse(.init(response))
    }
  }
}

extension Envoy_Config_Route_V3_RedirectAction {
  fileprivate init(_ redirect: Route.Redirect) {
    self.init()
    if let scheme = redirect.scheme { schemeRedirect = scheme.rawValue }
    if let host = redirect.host { hostRedirect = host }
    if let port = redirect.port { portRedirect = UInt32(port) }
    if let path = redirect.path { pathRedirect = path }
    responseCode =
      switch redirect.status {
      case 302: .found
      case 303: .seeOther
      case 307: .temporaryRedirect
      case 308: .permanentRedirect
      default: .movedPermanently
      }
  }
}

extension Envoy_Config_Route_V3_DirectResponseAction {
  fileprivate init(_ response: Route.Response) {
    self.init()
    status = UInt32(response.status)
    if let text = response.body { body.inlineString = text }
  }
}
