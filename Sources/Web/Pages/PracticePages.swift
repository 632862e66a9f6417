import Domain
import Hummingbird
import Services

extension Done {
    static let practiceSaved = Done(rawValue: "practice-saved")
    static let practiceLinked = Done(rawValue: "practice-linked")
    static let activityRecorded = Done(rawValue: "activity-recorded")
}

/// Practice cards: the list, and one card with all that is known about it.
enum PracticePages {
    static let routes: [Route] =
        [
            .page("/practices", "practicesPage", "Practices", .practiceList, list),
            .page("/practices/{id}", "practicePage", "A practice", .practiceRead, show),
            .page(.post, "/practices/{id}/awards", "linkPracticeForm", "Link an award", .practiceLink, link),
            .page(.post, "/practices/{id}/awards/end", "unlinkPracticeForm", "End a link", .practiceLink, unlink),
            .page(.post, "/practices/{id}/ratings", "openRatingForm", "Begin a rating", .evidenceRatingOpen, rate),
            .page(
                .post, "/practices/{id}/activities", "planActivityForm", "Plan an activity", .disseminationRecord, plan),
            .page(
                .post, "/practices/{id}/activities/delivery", "deliverActivityForm", "Record an activity",
                .disseminationRecord,
                deliver),
        ] + PracticeForms.routes + decisions.routes("/practices/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let filter = PracticeFilter(
            search: visit.query("search"), state: visit.query("state").flatMap { Practice.State(rawValue: $0) })
        let page = try await visit.core.practices.list(visit.actor, page: visit.list, filter: filter)
        var content: [any Markup] = []
        if Permission.allows(.practiceCreate, subject: visit.subject) {
            content.append(Component.ButtonLink(text: "Describe a practice", href: "/practices/new"))
        }
        content += [
            FilterForm(
                action: "/practices",
                content: [
                    Component.TextInput(name: "search", label: "Search practices", value: filter.search ?? ""),
                    Component.Button("Search", style: .secondary),
                ]),
            Component.Table(
                caption: "Practices, alphabetically",
                columns: [.init("Practice"), .init("From"), .init("Evidence"), .init("Card")],
                rows: page.rows.map { row -> [any Markup] in
                    [
                        Component.Link(row.name, "/practices/\(row.id)"), HTML(text: row.originatorName ?? "–"),
                        HTML(
                            text: Words.rating(
                                level: row.rating?.level, sms: row.rating?.sms, padlock: row.rating?.padlock)),
                        Words.tag(row.state),
                    ]
                }, captionHidden: true, firstCellIsHeader: true, empty: "There are no practices here yet."),
            visit.pagination(page.next),
        ]
        content += [
            FundParts.link("Ratings of the evidence on practices", "/ratings"),
            FundParts.link("Who took up what: the register of adoptions", "/adoptions"),
        ]
        return visit.page(Page("Practices", wide: true, content))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(page(visit, try await visit.core.practices.detail(visit.actor, try visit.id())))
    }

    private static func page(_ visit: Visit, _ detail: PracticeDetail, problems: [FieldProblem] = []) -> Page {
        let practice = detail.practice
        var parts: [any Markup] = [card(detail)]
        if let reason = detail.reason, practice.state != .published {
            parts.append(Component.InsetText([Component.Prose(text: reason)]))
        }
        if practice.state.isEditable, detail.mayEdit, !detail.problems.isEmpty {
            parts += FundParts.needs("What the card still needs", detail.problems) { _ in
                "/practices/\(practice.id)/edit"
            }
        }
        var links = decisions.links("/practices/\(practice.id)", detail)
        if detail.mayEdit {
            links.insert(.init(text: "Edit the card", href: "/practices/\(practice.id)/edit", style: .secondary), at: 0)
        }
        if practice.publishedNumber > 0 {
            if Permission.allows(
                .adoptionDecisionIdentify, subject: visit.subject, facts: .ownDepartment(visit.subject))
            {
                links.append(
                    .init(
                        text: "Put up for decision", href: "/practices/\(practice.id)/roll-out-decisions/new",
                        style: .secondary))
            }
            if visit.subject.holds(.laCertifier), practice.content.originator != visit.subject.organisation {
                links.append(
                    detail.ownAdoption.map { .init(text: "Our adoption", href: "/adoptions/\($0)", style: .secondary) }
                        ?? .init(
                            text: "Declare what we know of it", href: "/practices/\(practice.id)/adoptions/new",
                            style: .secondary))
            }
        }
        parts += FundParts.actions(links)
        parts += evidence(visit, detail) + PracticeStory.parts(visit, detail)
        parts += [
            FundParts.link("What led to it, and what came of it", "/chain/practice/\(practice.id)"),
            FundParts.history(visit, .practice, practice.id),
        ]
        return Page(
            practice.content.name, caption: "Practice \(practice.reference)", back: "/practices", problems: problems,
            banner: visit.banner(sentences), wide: true, parts)
    }

    private static func card(_ detail: PracticeDetail) -> any Markup {
        let content = detail.practice.content
        let cost = content.unitCost.map {
            "\($0) for each \(content.costUnit), in prices of \(content.priceYear?.description ?? "")"
        }
        return Component.SummaryList([
            .init("Where the card stands", Words.tag(detail.practice.state)), .init("What it is", content.summary),
            .init("For whom", content.population),
            .init("What makes it this practice", Component.BulletList(content.coreComponents)),
            .init("What each place may change", Component.BulletList(content.adaptableComponents)),
            .init("Cost", cost), .init("Staff", content.staffNeeded), .init("Comes from", detail.originatorName),
            .init("Published", detail.publishedAt?.londonDay.spoken),
        ])
    }

    private static func evidence(_ visit: Visit, _ detail: PracticeDetail) -> [any Markup] {
        let rating = detail.rating
        var parts: [any Markup] = [Component.Heading("What is known")]
        parts.append(
            Component.SummaryList([
                .init(
                    "Evidence",
                    rating.map {
                        Component.Link(
                            Words.rating(level: $0.level, sms: $0.sms, padlock: $0.padlock), "/ratings/\($0.id)")
                            as any Markup
                    } ?? HTML(text: "Not rated")),
                .init("The results together", rating?.direction.map { Words.tag($0) as any Markup } ?? HTML(text: "–")),
                .init("Where the rating stands", rating.map { Words.tag($0.state) as any Markup } ?? HTML(text: "–")),
            ]))
        parts +=
            [EvidenceParts.meaning(), EvidenceParts.reports(detail.reports)] + EvidenceParts.overdue(detail.overdue)
        if detail.mayRate {
            parts.append(
                PostForm(
                    action: "/practices/\(detail.practice.id)/ratings", csrf: visit.csrf,
                    content: [Component.Button("Begin a rating", style: .secondary)], once: Tokens.fresh()))
        }
        return parts
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<PracticeDetail>.Case {
        let detail = try await visit.core.practices.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "Practice \(detail.practice.reference): \(detail.practice.content.name)",
            back: "/practices/\(detail.practice.id)", version: detail.practice.version)
    }

    static var sentences: [Done: String] {
        var done = decisions.sentences()
        done[.practiceSaved] = "The card is saved."
        done[.practiceLinked] = "The links to awards are changed."
        done[.activityRecorded] = "The activity is recorded."
        return done
    }

    @Sendable static func link(_ visit: Visit) async throws -> Response {
        let id: PracticeID = try visit.id()
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let bid: BidID? = reader.id("bid")
            let part: Practice.Part? = reader.choice("part")
            if bid == nil { reader.refuse("bid", "Choose an award") }
            try reader.check()
            if let bid { try await visit.core.practices.link(visit.actor, id, to: bid, as: part ?? .origin) }
            return visit.redirect("/practices/\(id)", done: .practiceLinked)
        } orShow: { refusal in
            page(visit, try await visit.core.practices.detail(visit.actor, id), problems: refusal.problems)
        }
    }

    @Sendable static func unlink(_ visit: Visit) async throws -> Response {
        let id: PracticeID = try visit.id()
        return try await visit.submit {
            guard let bid = BidID(visit.form["bid"]) else { throw WebRefusal.notFound }
            try await visit.core.practices.unlink(visit.actor, id, from: bid)
            return visit.redirect("/practices/\(id)", done: .practiceLinked)
        } orShow: { refusal in
            page(visit, try await visit.core.practices.detail(visit.actor, id), problems: refusal.problems)
        }
    }

    @Sendable static func rate(_ visit: Visit) async throws -> Response {
        let id: PracticeID = try visit.id()
        return try await visit.submit {
            let rating = try await visit.core.ratings.open(visit.actor, id, once: visit.once)
            return visit.redirect("/ratings/\(rating)")
        } orShow: { refusal in
            page(visit, try await visit.core.practices.detail(visit.actor, id), problems: refusal.problems)
        }
    }

    @Sendable static func plan(_ visit: Visit) async throws -> Response {
        let id: PracticeID = try visit.id()
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let kind: DisseminationActivity.Kind? = reader.choice("kind")
            let day = reader.day("plannedOn")
            if day == nil { reader.refuse("plannedOn", "Enter the day") }
            try reader.check()
            if let day {
                _ = try await visit.core.dissemination.plan(
                    visit.actor, id, kind ?? .event, title: visit.form["title"], on: day, once: visit.once)
            }
            return visit.redirect("/practices/\(id)", done: .activityRecorded)
        } orShow: { refusal in
            page(visit, try await visit.core.practices.detail(visit.actor, id), problems: refusal.problems)
        }
    }

    @Sendable static func deliver(_ visit: Visit) async throws -> Response {
        let id: PracticeID = try visit.id()
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let activity: Identifier<DisseminationActivity>? = reader.id("activity")
            let day = reader.day("deliveredOn")
            let attendance = reader.count("attendance")
            let cost = reader.money("cost")
            if activity == nil { reader.refuse("activity", "Choose the activity") }
            if day == nil { reader.refuse("deliveredOn", "Enter the day") }
            try reader.check()
            if let activity, let day {
                try await visit.core.dissemination.deliver(
                    visit.actor, activity, of: id, on: day, attendance: attendance ?? 0, cost: cost ?? .zero,
                    reached: visit.form.all("reached").compactMap { OrganisationID($0) })
            }
            return visit.redirect("/practices/\(id)", done: .activityRecorded)
        } orShow: { refusal in
            page(visit, try await visit.core.practices.detail(visit.actor, id), problems: refusal.problems)
        }
    }

    private static func act(_ event: PracticeEvent) -> @Sendable (Visit, PracticeDetail) async throws -> Void {
        { visit, detail in
            try await visit.core.practices.move(
                visit.actor, detail.practice.id, event, version: visit.form.version,
                reason: visit.form.optional("reason"))
        }
    }

    private static func says(_ text: String) -> @Sendable (Visit, PracticeDetail) -> [any Markup] {
        { _, _ in [Component.Paragraph(text)] }
    }

    static let decisions: [Decision<PracticeDetail>] = [
        .init(
            path: "check", name: "checkPractice", title: "Record your check", confirm: "The card is right",
            action: .practiceCheck, done: "The card is checked.", allowed: { $0.allowed.contains(.check) },
            lead: says(
                "You say for What Works that the card describes the practice as it is. Whoever wrote it cannot check it."
            ),
            act: act(.check)),
        .init(
            path: "publication", name: "publishPractice", title: "Publish the card", confirm: "Publish",
            action: .practicePublish, done: "The card is published.", allowed: { $0.allowed.contains(.publish) },
            lead: says("Everybody can read the card from now on, without signing in."), act: act(.publish)),
        .init(
            path: "return", name: "returnPractice", title: "Send the card back", confirm: "Send back",
            style: .secondary,
            action: .practiceReturn, done: "The card went back to its author.", reason: "What must change?",
            allowed: { $0.allowed.contains(.sendBack) }, lead: says("The card becomes a draft again."),
            act: act(.sendBack)),
        .init(
            path: "review", name: "reviewPractice", title: "Take under review", confirm: "Take under review",
            style: .secondary,
            action: .practiceBeginReview, done: "The card is under review.", reason: "Why is it reviewed?",
            allowed: { $0.allowed.contains(.beginReview) },
            lead: says("The card can be changed. What was published stays public until it is published anew."),
            act: act(.beginReview)),
        .init(
            path: "retirement", name: "retirePractice", title: "Retire", confirm: "Retire this practice",
            style: .warning,
            action: .practiceRetire, done: "The practice is retired.", reason: "Why is it retired?",
            allowed: { $0.allowed.contains(.retire) },
            lead: says("It stays on record, marked as retired. Nobody can take it up any more."), act: act(.retire)),
    ]
}

extension Permission.Facts {
    /// Something of the subject's own department.
    static func ownDepartment(_ subject: Subject) -> Permission.Facts {
        Permission.Facts(organisation: subject.organisation, department: subject.organisation)
    }
}
