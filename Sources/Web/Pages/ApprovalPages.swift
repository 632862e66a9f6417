import Domain
import Hummingbird
import Services

extension Done {
    static let approvalPrepared = Done(rawValue: "approval-prepared")
    static let approvalRevised = Done(rawValue: "approval-revised")
    static let keyTurned = Done(rawValue: "key-turned")
    static let awardApproved = Done(rawValue: "award-approved")
}

/// Approvals: the queue, and the decisions on one case. The case itself is in ``ApprovalCasePage``.
enum ApprovalPages {
    static let routes: [Route] =
        [
            .page("/approvals", "approvalsPage", "Approvals", .approvalList, list),
            .page("/approvals/{id}", "approvalPage", "The whole case", .approvalRead, show),
            .page(.post, "/approvals/{id}/keys", "turnKeyForm", "Approve an award", .approvalApprove, approve),
        ] + ApprovalForms.routes + decisions.routes("/approvals/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let page = try await visit.core.approvals.queue(visit.actor, page: visit.list)
        return visit.page(
            Page(
                "Approvals", wide: true,
                [
                    table(page.rows, caption: "Approvals, those in hand first", now: visit.subject.now),
                    visit.pagination(page.next),
                ]))
    }

    /// Approvals as a table.
    static func table(_ rows: [ApprovalRow], caption: String, now: Instant?) -> any Markup {
        Component.Table(
            caption: caption,
            columns: [
                .init("Case"), .init("Authority"), .init("Where it stands"), .init("Prepared"),
                .init("Amount", numeric: true),
                .init("Whole life", numeric: true),
            ],
            rows: rows.map { row -> [any Markup] in
                let when = now.map { Deadline(row.createdAt, now: $0).distance } ?? row.createdAt.londonDay.spoken
                return [
                    Component.Link("\(row.reference): \(row.bidTitle)", "/approvals/\(row.id)"),
                    HTML(text: row.organisationName),
                    Words.tag(row.state), HTML(text: "\(when), by \(row.preparerName)"),
                    HTML(text: row.amount.description),
                    HTML(text: row.wholeLife.description),
                ]
            }, firstCellIsHeader: true, empty: "There are no approvals.")
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.approvals.detail(visit.actor, try visit.id())
        return visit.page(ApprovalCasePage.page(visit, detail, indicators: try await BidPages.indicators(visit)))
    }

    /// Turns a key for the content that was on the page: its hash came with the form.
    @Sendable static func approve(_ visit: Visit) async throws -> Response {
        let id: ApprovalID = try visit.id()
        return try await visit.submit {
            let state = try await visit.core.approvals.approve(
                visit.actor, id, version: visit.form.version, contentHash: visit.form["contentHash"], once: visit.once)
            return visit.redirect("/approvals/\(id)", done: state == .approved ? .awardApproved : .keyTurned)
        } orShow: { _ in
            let detail = try await visit.core.approvals.detail(visit.actor, id)
            return ApprovalCasePage.page(visit, detail, indicators: try await BidPages.indicators(visit))
        }
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<ApprovalDetail>.Case {
        let detail = try await visit.core.approvals.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "Approval \(detail.approval.reference): \(detail.bid.title)",
            back: "/approvals/\(detail.approval.id)", version: detail.approval.version)
    }

    /// What the banner says on a case's page.
    static var sentences: [Done: String] {
        var done = decisions.sentences()
        done[.approvalPrepared] = "The case is with finance."
        done[.approvalRevised] = "The case is revised and with finance again."
        done[.keyTurned] = "Your approval is recorded. A second approver decides next."
        done[.awardApproved] = "The award is approved."
        return done
    }

    private static func brief(_ text: String) -> @Sendable (Visit, ApprovalDetail) -> [any Markup] {
        { _, detail in
            [
                Component.Paragraph(text),
                Component.SummaryList([
                    .init("Authority", detail.bid.organisationName),
                    .init("Amount", detail.approval.content.amount?.description),
                    .init("Whole-life sum", detail.approval.wholeLife.description),
                ]),
            ]
        }
    }

    /// All but approving, which is on the case's page itself.
    static let decisions: [Decision<ApprovalDetail>] = [
        .init(
            path: "clearance", name: "clearApproval", title: "Clear for finance",
            confirm: "The money is there: clear it",
            action: .approvalClear, done: "The case is cleared and the budget is reserved.", wide: true,
            allowed: { $0.allowed.contains(.clear) },
            lead: { _, detail in
                [
                    Component.Paragraph(
                        "Clearing reserves the money in each year's budget. Whoever clears cannot approve."),
                    ApprovalCasePage.budget(detail),
                ]
            },
            act: { try await $0.core.approvals.clear($0.actor, $1.approval.id, version: $0.form.version) }),
        .init(
            path: "referral", name: "referApprovalUp", title: "Refer up", confirm: "Refer up", style: .secondary,
            action: .approvalReferUp, done: "The case is referred to somebody with a higher limit.",
            allowed: { $0.allowed.contains(.referUp) },
            lead: { visit, detail in
                let names = detail.couldApprove.map(\.name)
                let who =
                    names.isEmpty
                    ? "Nobody holds a limit that is high enough yet."
                    : "These people could decide it: \(Words.list(names))."
                return brief("It is above your limit. \(who)")(visit, detail)
            },
            act: { try await $0.core.approvals.referUp($0.actor, $1.approval.id, version: $0.form.version) }),
        .init(
            path: "return", name: "returnApproval", title: "Send back to the preparer", confirm: "Send back",
            style: .secondary,
            action: .approvalReturn, done: "The case went back to its preparer.", reason: "What must change?",
            allowed: { $0.allowed.contains(.sendBack) }, lead: brief("Money that was reserved for it becomes free."),
            act: {
                try await $0.core.approvals.return(
                    $0.actor, $1.approval.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "rejection", name: "rejectApproval", title: "Reject", confirm: "Reject this award", style: .warning,
            action: .approvalReject, done: "The award is rejected.", reason: "Why is it rejected?",
            allowed: { $0.allowed.contains(.reject) },
            lead: brief("This ends the case. Money that was reserved for it becomes free."),
            act: {
                try await $0.core.approvals.reject(
                    $0.actor, $1.approval.id, version: $0.form.version, reason: $0.form["reason"], once: $0.once)
            }),
    ]
}
