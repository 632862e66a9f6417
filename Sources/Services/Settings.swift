import Domain
import Postgres

/// What an installation may change without a release, such as the sum above which an award needs two approvers.
public struct Setting: Hashable, Sendable {
    /// Its permanent name.
    public let code: String
    /// Its value, as text.
    public let value: String
}

/// The settings of this fund, for everybody to see. Only the operator changes them.
public struct Settings: Sendable {
    let platform: Platform

    /// All of them, by name.
    public func list(_ actor: Actor) async throws -> [Setting] {
        let (subject, settings) = try await platform.read("settings.list", actor, ApprovalStatements.settings.many)
        _ = try Permission.authorise(.settingList, subject: subject)
        return settings.sorted { $0.code < $1.code }
    }
}
