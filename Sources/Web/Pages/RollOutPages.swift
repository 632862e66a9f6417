import Domain
import Hummingbird
import Services

extension Done {
    static let optionSaved = Done(rawValue: "option-saved")
    static let rollOutRecommended = Done(rawValue: "roll-out-recommended")
}

/// Roll-out decisions with their evidence packs.
enum RollOutPages {
    static let routes: [Route] =
        [
            .page("/roll-out-decisions", "rollOutDecisionsPage", "Roll-out decisions", .adoptionDecisionList, list),
            .page(
                "/roll-out-decisions/{id}", "rollOutDecisionPage", "A roll-out decision", .adoptionDecisionRead, show),
        ] + RollOutForms.routes + decisions.routes("/roll-out-decisions/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let page = try await visit.core.adoptionDecisions.list(
            visit.actor, page: visit.list, state: visit.query("state").flatMap { AdoptionDecision.State(rawValue: $0) })
        return visit.page(
            Page(
                "Roll-out decisions", wide: true,
                [
                    Component.Paragraph("A decision is put up on the page of its practice."),
                    table(page.rows, caption: "Roll-out decisions, newest first"), visit.pagination(page.next),
                ]))
    }

    static func table(_ rows: [AdoptionDecisionRow], caption: String) -> any Markup {
        Component.Table(
            caption: caption,
            columns: [
                .init("Option"), .init("Practice"), .init("Where it stands"), .init("Decision"),
                .init("Evidence when it was recommended"), .init("Since then"),
            ],
            rows: rows.map { row -> [any Markup] in
                let short = row.sufficient == false ? ", short of the rule" : ""
                return [
                    Component.Link("\(row.reference): \(row.title)", "/roll-out-decisions/\(row.id)"),
                    Component.Link(row.practiceName, "/practices/\(row.practice)"), Words.tag(row.state),
                    HTML(text: row.recommendation?.label ?? "–"),
                    HTML(
                        text: row.sufficient == nil
                            ? "–" : (row.level.map { "Level \($0.rawValue)" } ?? "Not rated") + short),
                    row.evidenceChanged ? Tag("The evidence changed", .orange) : HTML(text: "–"),
                ]
            }, firstCellIsHeader: true, empty: "There are no roll-out decisions yet.")
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.adoptionDecisions.detail(visit.actor, try visit.id())
        let id = detail.decision.id
        var parts: [any Markup] = flags(detail) + [facts(detail)]
        if let reason = detail.reason, detail.decision.state == .evidencePack {
            parts.append(Component.InsetText([Component.Prose(text: "Sent back: \(reason)")]))
        }
        if detail.packIsStale {
            parts.append(
                Component.WarningText("The evidence has changed since the pack was assembled. Assemble it again."))
        }
        var links = decisions.links("/roll-out-decisions/\(id)", detail)
        if detail.allowed.contains(.recommend) {
            links.insert(.init(text: "Recommend", href: "/roll-out-decisions/\(id)/recommendation"), at: 0)
        }
        if detail.mayEdit {
            links.append(.init(text: "Change what is asked", href: "/roll-out-decisions/\(id)/edit", style: .secondary))
        }
        parts += FundParts.actions(links) + pack(detail) + advice(detail)
        parts += [
            EvidenceParts.meaning(),
            FundParts.link("What led to it, and what came of it", "/chain/adoption_decision/\(id)"),
            FundParts.history(visit, .adoptionDecision, id),
        ]
        return visit.page(
            Page(
                detail.decision.content.title, caption: "Roll-out decision \(detail.decision.reference)",
                back: "/roll-out-decisions",
                banner: visit.banner(sentences), wide: true, parts))
    }

    private static func flags(_ detail: AdoptionDecisionDetail) -> [any Markup] {
        detail.flags.filter(\.isOpen).map {
            Component.WarningText(
                "\($0.cause.sentence) (\($0.at.londonDay.spoken)) Nobody has reviewed the decision since.")
        }
    }

    private static func facts(_ detail: AdoptionDecisionDetail) -> any Markup {
        let content = detail.decision.content
        return Component.SummaryList([
            .init("Practice", Component.Link(detail.practiceName, "/practices/\(detail.decision.practice)")),
            .init("Programme", detail.programmeTitle), .init("Where it stands", Words.tag(detail.decision.state)),
            .init("Question", content.question), .init("Expected cost", content.expectedCost?.description),
            .init("Authorities it would reach", content.reachAuthorities.map { "\($0)" }),
            .init("Whom it would reach and whom not", content.equity),
            .init("Decided", detail.decidedAt?.londonDay.spoken),
            .init("Announced", detail.announcedAt?.londonDay.spoken), .init("Next review", detail.reviewOn?.spoken),
            .init("What the last review found", detail.reviewOutcome),
        ])
    }

    /// The pack: rating, every published report, every overdue one by title.
    static func pack(_ items: [EvidenceItem]) -> any Markup {
        Component.Table(
            caption: "Evidence pack",
            columns: [.init("Item"), .init("Kind"), .init("Result"), .init("Method", numeric: true), .init("Cited")],
            rows: items.map { item -> [any Markup] in
                let kind =
                    switch item.kind {
                    case .report: "Published report, version \(item.reportVersion ?? 1)"
                    case .overdueReport: "Overdue since \(item.dueOn?.spoken ?? "–")"
                    case .rating: "Rating \(item.ratingNumber ?? 1)"
                    }
                let cited = item.bearing.map { $0.label + (item.note.map { $0.isEmpty ? "" : ": \($0)" } ?? "") }
                return [
                    HTML(text: item.title), HTML(text: kind),
                    item.direction.map { Words.tag($0) as any Markup } ?? HTML(text: "–"),
                    HTML(text: item.sms.map { "\($0)" } ?? "–"), HTML(text: cited ?? "Not cited"),
                ]
            }, firstCellIsHeader: true, empty: "The pack is not assembled yet.")
    }

    private static func pack(_ detail: AdoptionDecisionDetail) -> [any Markup] {
        var parts: [any Markup] = [pack(detail.pack)]
        if detail.standing == nil, let shortfall = detail.shortfall {
            parts.append(Component.InsetText("As things stand, scaling needs an override. \(shortfall)"))
        }
        return parts
    }

    private static func advice(_ detail: AdoptionDecisionDetail) -> [any Markup] {
        guard let standing = detail.standing else { return [] }
        var rows: [Component.SummaryList.Row] = [
            .init("Recommendation", detail.advice.recommendation?.label), .init("Why", detail.advice.reason),
            .init(
                "Evidence at that moment",
                Words.rating(level: standing.level, sms: standing.sms, padlock: detail.padlock)),
            .init("Did it suffice?", detail.sufficient == true ? "Yes" : "No: an override was needed"),
        ]
        if let override = detail.advice.override { rows += RollOutPages.override(override) }
        rows += [
            .init("Minister’s decision", detail.advice.externalReference),
            .init("Recommended by", detail.recommenderName),
            .init("Seconded by", detail.secondName), .init("Decided by", detail.deciderName),
        ]
        var parts: [any Markup] = [Component.Heading("Recommendation"), Component.SummaryList(rows)]
        if detail.needsSecond, detail.decision.state == .recommended {
            parts.append(
                Component.WarningText(
                    "Whoever recommended managed an award behind the practice. A colleague who did not must second it before it is approved."
                ))
        }
        return parts
    }

    static func override(_ override: AdoptionDecision.Override) -> [Component.SummaryList.Row] {
        [
            .init("Why it went ahead all the same", override.reason),
            .init("Evidence that will follow", override.evidenceToFollow),
            .init("By when", override.evidenceDue?.spoken), .init("What makes it stop", override.stopRule),
        ]
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<AdoptionDecisionDetail>.Case {
        let detail = try await visit.core.adoptionDecisions.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "Roll-out decision \(detail.decision.reference): \(detail.decision.content.title)",
            back: "/roll-out-decisions/\(detail.decision.id)", version: detail.decision.version)
    }

    static var sentences: [Done: String] {
        var done = decisions.sentences()
        done[.optionSaved] = "The option is saved."
        done[.rollOutRecommended] = "The recommendation is with those who approve."
        return done
    }

    private static func act(_ event: AdoptionDecisionEvent)
        -> @Sendable (Visit, AdoptionDecisionDetail) async throws -> Void
    {
        { visit, detail in
            try await visit.core.adoptionDecisions.move(
                visit.actor, detail.decision.id, event, version: visit.form.version,
                reason: visit.form.optional("reason"), once: visit.once)
        }
    }

    private static func says(_ text: String) -> @Sendable (Visit, AdoptionDecisionDetail) -> [any Markup] {
        { _, detail in [Component.Paragraph(text), pack(detail.pack)] }
    }

    static let decisions: [Decision<AdoptionDecisionDetail>] = [
        .init(
            path: "pack", name: "assembleEvidence", title: "Assemble the evidence pack", confirm: "Assemble",
            action: .adoptionDecisionAssemble,
            done: "The pack is assembled.", wide: true, allowed: { $0.allowed.contains(.assemble) },
            lead: { _, detail in
                [
                    Component.Paragraph(
                        "The pack holds the rating in force, every published report on the practice, whatever it found, and every overdue one by its title. Nobody chooses."
                    ),
                    EvidenceParts.reports(detail.reports),
                ]
            }, act: act(.assemble)),
        .init(
            path: "second", name: "secondRollOut", title: "Second the recommendation", confirm: "Second it",
            style: .secondary,
            action: .adoptionDecisionSecond, done: "The recommendation is seconded.", wide: true,
            allowed: { $0.maySecond },
            lead: says("You say that you would recommend the same, and that you managed no award behind the practice."),
            act: { try await $0.core.adoptionDecisions.second($0.actor, $1.decision.id, version: $0.form.version) }),
        .init(
            path: "approval", name: "approveRollOut", title: "Approve", confirm: "Approve this decision",
            action: .adoptionDecisionApprove,
            done: "The decision is approved.", wide: true, allowed: { $0.allowed.contains(.approve) },
            lead: says("You decide for the department on what is cited below. Whoever recommended cannot approve."),
            act: act(.approve)),
        .init(
            path: "return", name: "returnRollOut", title: "Send back", confirm: "Send back", style: .secondary,
            action: .adoptionDecisionReturn,
            done: "The recommendation went back.", reason: "What must change?", wide: true,
            allowed: { $0.allowed.contains(.sendBack) },
            lead: says("The recommendation stays on record; another can be made."), act: act(.sendBack)),
        .init(
            path: "announcement", name: "announceRollOut", title: "Announce", confirm: "Announce this decision",
            action: .adoptionDecisionAnnounce,
            done: "The decision is in the public decision log.", wide: true,
            allowed: { $0.allowed.contains(.announce) },
            lead: says(
                "Everybody can read the decision from now on, with all that was on the table, and what was known."),
            act: act(.announce)),
        .init(
            path: "review", name: "reviewRollOut", title: "Review", confirm: "Record the review", style: .secondary,
            action: .adoptionDecisionReview,
            done: "The review is recorded.", reason: "What did the review find?", wide: true,
            allowed: { $0.allowed.contains(.review) },
            lead: says(
                "Say whether the decision still stands on what is known now. This is published with the decision."),
            act: act(.review)),
    ]
}
