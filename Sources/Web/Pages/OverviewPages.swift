import Domain
import FoundationEssentials
import Hummingbird
import Services

/// Notices and history.
extension RouteTable {
    static let overviewPages: [Route] = [
        .page("/inbox", "inboxPage", "Your notices", .inboxRead, InboxPages.list),
        .open(
            "/development/inbox", "developmentInboxPage", "Everybody's notices, in a demonstration",
            InboxPages.development),
        .page("/history/{kind}/{id}", "historyPage", "What happened to an object", .historyRead, HistoryPages.show),
    ]
}

enum InboxPages {
    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let notices = try await visit.core.inbox.list(visit.actor, page: visit.list)
        var content: [any Markup] = notices.rows.map { card($0, named: false) }
        if content.isEmpty { content.append(Component.Paragraph("There are no notices for you.")) }
        content.append(visit.pagination(notices.next))
        if visit.front.settings.isDemonstration {
            content.append(Component.Link("Development inbox: notices to everybody", "/development/inbox").html)
        }
        return visit.page(Page("Your notices", content))
    }

    @Sendable static func development(_ visit: OpenVisit) async throws -> Response {
        guard visit.front.settings.isDemonstration else { throw WebRefusal.notFound }
        let notices = try await visit.core.inbox.development(
            page: Services.PageRequest(after: visit.parameters.optional("after"), size: 50))
        var content: [any Markup] = [
            Component.InsetText(
                "This page exists only in a demonstration. It shows what mail would deliver to everybody.")
        ]
        content += notices.rows.map { card($0, named: true) }
        if let next = notices.next {
            content.append(Component.Pagination(next: "/development/inbox?after=\(URLText.encode(next))"))
        }
        return visit.page(Page("Development inbox", content))
    }

    private static func card(_ notice: Notice, named: Bool) -> any Markup {
        var rows: [Component.SummaryList.Row] = [.init("Sent", LondonTime(notice.createdAt).description)]
        if named { rows.append(.init("To", notice.recipientName ?? "The person \(notice.recipient)")) }
        rows.append(.init("Says", notice.body))
        if let link = notice.link { rows.append(.init("Link", Component.Link("Open the link", link))) }
        if !named, let path = ObjectPath.of(notice.object) {
            rows.append(.init("About", Component.Link("Open", path, hidden: notice.subject)))
        }
        return Component.SummaryList(rows, card: notice.subject)
    }
}

/// Where an object's own page is.
enum ObjectPath {
    static func of(_ object: ObjectReference) -> String? {
        guard let id = object.id?.uuidString.lowercased() else { return nil }
        switch object.kind {
        case "programme", "round", "bid", "appraisal", "approval": return "/\(object.kind)s/\(id)"
        case "practice", "award", "claim", "review", "evaluation": return "/\(object.kind)s/\(id)"
        case "payment_batch": return "/payments/\(id)"
        case "monitoring_return": return "/returns/\(id)"
        case "evaluation_plan": return "/evaluation-plans/\(id)"
        case "evaluation_report": return "/evaluation-reports/\(id)"
        case "evidence_rating": return "/ratings/\(id)"
        case "adoption_decision": return "/roll-out-decisions/\(id)"
        case "la_adoption": return "/adoptions/\(id)"
        case "capacity_assessment": return "/capacity-assessments/\(id)"
        case "follow_up": return "/follow-ups/\(id)"
        case "person": return "/people/\(id)"
        case "organisation": return "/organisations/\(id)"
        case "delegation": return "/delegations"
        default: return nil
        }
    }
}

enum HistoryPages {
    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let kind = visit.text("kind")
        guard let machine = Machine(rawValue: kind), let id = UUID(uuidString: visit.text("id")) else {
            throw WebRefusal.notFound
        }
        let entries = try await visit.core.history.of(visit.actor, kind: kind, id: id)
        let reference = ObjectReference(kind: kind, id: id)
        return visit.page(
            Page(
                "History", caption: noun(machine), back: ObjectPath.of(reference) ?? "/", wide: true,
                [
                    Component.Table(
                        caption: "What happened, oldest first",
                        columns: [
                            .init("When"), .init("What happened"), .init("Who"), .init("Reason"),
                            .init("State after it"),
                        ],
                        rows: entries.map { entry in
                            [
                                HTML(text: LondonTime(entry.at).description),
                                HTML(text: Words.event(machine, entry.event)), HTML(text: who(machine, entry)),
                                Component.Prose(text: entry.reason ?? "", absent: "–"),
                                Words.state(machine, entry.to),
                            ]
                        }, captionHidden: true)
                ]))
    }

    /// Who did it. Without a name it was the service, or somebody whom the reader may not see; where the machine leaves
    /// only one of the two, that is said.
    private static func who(_ machine: Machine, _ entry: HistoryEntry) -> String {
        if let name = entry.personName { return name }
        guard let step = Workflow.next(machine, from: entry.from, event: entry.event) else { return "Not shown" }
        if step.capacities.isEmpty { return "The service" }
        return step.bySystem ? "The service, or a name not shown to you" : "A name not shown to you"
    }

    /// What the history is of.
    private static func noun(_ machine: Machine) -> String {
        switch machine {
        case .person: "Account"
        case .delegation: "Delegated limit"
        default: Words.plain(machine.rawValue)
        }
    }
}
