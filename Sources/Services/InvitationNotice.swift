import Domain
import FoundationEssentials

/// What an invited person is told. The row of the outbox names the invitation and holds no secret; the link is made from
/// it when the notice is delivered, with a key that the database does not have.
struct InvitationNotice: Sendable {
    /// The kind of object that such a notice is about.
    static let kind = "invitation"

    let invitation: UUID
    let name: String
    /// Left out where the person knows it: on a new link.
    let organisation: String?
    /// Whether the account is there and only its passphrase is set anew.
    let isReset: Bool

    /// The notice as it is written.
    func outbox(_ configuration: ServicesConfiguration) -> Outbox {
        let service = configuration.serviceName
        let first =
            isReset
            ? "\(name), somebody who keeps the accounts has sent you this link to choose a new passphrase."
            : "\(name), you are invited to use \(service)\(organisation.map { " for \($0)" } ?? "")."
        return Outbox(
            "person.invite", on: ObjectReference(kind: Self.kind, id: invitation),
            subject: isReset ? "Choose a new passphrase for \(service)" : "You are invited to use \(service)",
            body: """
                \(first)

                Open the link and choose a passphrase. It works once, for \(configuration.invitationDays) days. If you did not expect this, \
                ignore it, and tell whoever runs \(service).
                """)
    }

    /// Where the link of a notice leads; nil for a notice about anything else.
    static func path(_ object: ObjectReference, _ configuration: ServicesConfiguration) -> String? {
        guard object.kind == kind, let id = object.id else { return nil }
        return "/invitations/\(People.token(of: id, configuration))"
    }
}
