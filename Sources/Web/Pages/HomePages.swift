import Domain
import FoundationEssentials
import Hummingbird
import Services

/// What a person sees first: what waits for them, by due date, and a few numbers.
enum HomePages {
    @Sendable static func home(_ visit: Visit) async throws -> Response {
        visit.page(page(try await visit.core.home(visit.actor)))
    }

    static func page(_ home: Home) -> Page {
        var content: [any Markup] = [
            Component.Paragraph("\(home.subject.organisationName): \(capacities(home.subject))")
        ]
        content += tasks(home) + counts(home) + receipts(home)
        return Page("Your work", content)
    }

    private static func capacities(_ subject: Subject) -> String {
        let labels = subject.capacities.map(\.capacity.label)
        var seen: Set<String> = []
        let distinct = labels.filter { seen.insert($0).inserted }
        return distinct.isEmpty ? subject.role.label : distinct.joined(separator: ", ")
    }

    static func tasks(_ home: Home) -> [any Markup] {
        let heading: any Markup = Component.Heading("Waiting for you")
        guard !home.tasks.isEmpty else { return [heading, Component.Paragraph("Nothing is waiting for you.")] }
        let now = home.subject.now
        let tasks = home.tasks.map { task -> Component.TaskList.Task in
            let due = task.due.map { Deadline($0, now: now) }
            let when = due.map { "Due \($0.words)" } ?? "Waiting since \(task.since.londonDay.spoken)"
            return Component.TaskList.Task(
                title: "\(task.kind.title): \(task.title)", href: address(task), hint: "\(task.detail). \(when)",
                status: status(due), colour: colour(due))
        }
        let more: [any Markup] =
            home.hasMore
            ? [Component.Paragraph("There is more. Finish some of these, or look in the lists.")] : []
        return [heading, Component.TaskList(id: "waiting", tasks: tasks)] + more
    }

    private static func status(_ due: Deadline?) -> String {
        guard let due else { return "To do" }
        return due.isPast ? "Overdue" : due.isClose ? "Due soon" : "To do"
    }

    private static func colour(_ due: Deadline?) -> Tag.Colour {
        guard let due else { return .blue }
        return due.isPast ? .red : due.isClose ? .orange : .blue
    }

    /// Where a task is done.
    private static func address(_ task: HomeTask) -> String? {
        guard let id = task.object.id?.uuidString.lowercased() else { return nil }
        // A limit has no page of its own: it is in the list.
        if task.object.kind == "delegation" { return "/delegations" }
        let path = "/\(plural(task.object.kind))/\(id)"
        switch task.kind {
        case .bidToCertify: return "\(path)/submission"
        case .appraisalsToAssign: return "\(path)/appraisers"
        case .approvalToPrepare: return task.object.kind == "bid" ? "\(path)/approvals/new" : path
        case .approvalToRevise: return "\(path)/edit"
        case .evaluatorToAppoint: return "\(path)/evaluator"
        case .planToReview, .reportToReview: return "\(path)/reviews"
        case .agreementToComplete: return "\(path)/agreement/edit"
        case .offerToAccept: return "\(path)/acceptance"
        case .bankToVerify: return "\(path)/bank"
        case .instalmentToClaim: return "\(path)/claims/new"
        case .claimToComplete: return "\(path)/edit"
        case .claimToCertify: return "\(path)/submission"
        case .claimToAnswer: return "\(path)/answer"
        case .returnToCertify: return "\(path)/submission"
        case .claimToPay: return "/payments"
        case .capacityToAnswer: return "\(path)/answers"
        case .capacityToCertify: return "\(path)/certification"
        case .followUpToAnswer: return "\(path)/answer"
        default: return path
        }
    }

    private static func plural(_ kind: String) -> String {
        switch kind {
        case "person", "invitation", "capacity": "people"
        case "payment_batch": "payments"
        case "monitoring_return": "returns"
        case "evaluation_plan": "evaluation-plans"
        case "evaluation_report": "evaluation-reports"
        case "evidence_rating": "ratings"
        case "adoption_decision": "roll-out-decisions"
        case "la_adoption": "adoptions"
        case "capacity_assessment": "capacity-assessments"
        case "follow_up": "follow-ups"
        default: kind + "s"
        }
    }

    private static func counts(_ home: Home) -> [any Markup] {
        guard !home.counts.isEmpty else { return [] }
        return [
            Component.Heading("At a glance"),
            Component.SummaryList(
                home.counts.map { count in
                    let number = Words.grouped(count.value)
                    return list(of: count).map { .init(count.label, Component.Link(number, $0, hidden: count.label)) }
                        ?? .init(count.label, number)
                }),
        ]
    }

    /// Where what was counted is listed; nil where no list shows just that.
    private static func list(of count: HomeCount) -> String? {
        switch count.code {
        case "bids_drafted": "/bids?state=draft"
        case "bids_submitted": "/bids"
        case "rounds_open": "/rounds?show=open"
        case "approvals_in_hand": "/approvals"
        case "denials": "/reports/r12"
        case "people_active": "/people?state=active"
        default: nil
        }
    }

    private static func receipts(_ home: Home) -> [any Markup] {
        guard !home.receipts.isEmpty else { return [] }
        return [
            Component.Table(
                caption: "Your newest receipts", columns: [.init("Bid"), .init("Received"), .init("Certified by")],
                rows: home.receipts.map { each -> [any Markup] in
                    [
                        Component.Link("\(each.receipt.reference): \(each.title)", "/bids/\(each.bid)/receipt"),
                        HTML(text: Deadline.second(each.receipt.submittedAt)), HTML(text: each.receipt.certifiedBy),
                    ]
                }, firstCellIsHeader: true)
        ]
    }
}
