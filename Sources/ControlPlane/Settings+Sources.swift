package import Configuration
import Foundation
import Model
import SystemPackage

extension Settings {
  /// Reads settings from where an operator can put them: a flag wins over the environment, and
  /// that over the file.
  ///
  /// - Parameters:
  ///   - flags: By the names of `keys`.
  ///   - environment: Where `admin-address` is `CHANCERY_ADMIN_ADDRESS`, and so on;
  ///     `CHANCERY_CONFIG` names the file if no flag does.
  ///   - file: The path of a YAML file.
  /// - Throws: The first that makes no sense; a file that has others than `keys`.
  package init(
    flags: [AbsoluteConfigKey: ConfigValue],
    environment: [String: String],
    file: String?
  ) async throws {
    var providers: [any ConfigProvider] = [
      InMemoryProvider(values: flags),
      EnvironmentVariablesProvider(environmentVariables: environment)
        .prefixKeys(with: "chancery"),
    ]
    if let file = file ?? environment["CHANCERY_CONFIG"] {
      try Self.checkKeys(inFile: file)
      providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)))
    }
    try self.init(config: ConfigReader(providers: providers))
  }

  /// - Throws: If the file is no YAML, or has a key that is none: a misspelt one would silently
  ///   leave a default in force.
  private static func checkKeys(inFile path: String) throws {
    let content: JSONValue
    do {
      content = try JSONValue(yaml: Array(Data(contentsOf: URL(filePath: path))))
    } catch let error as MalformedText {
      throw SettingsError(description: "\(path) is no YAML. \(error.reason)")
    } catch {
      throw SettingsError(description: "\(path) cannot be read: \(error.localizedDescription)")
    }
    guard case .object(let members) = content else {
      throw SettingsError(description: "\(path) must hold settings, such as \"log-level: debug\".")
    }
    guard let unknown = members.keys.filter({ !keys.contains($0) }).min() else { return }
    throw SettingsError(
      description: """
        There is no setting "\(unknown)" (in \(path)). There are: \
        \(keys.sorted().joined(separator: ", ")).
        """
    )
  }
}
