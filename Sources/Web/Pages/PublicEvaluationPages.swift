import Domain
import Hummingbird
import Services

extension OpenVisit {
    /// A page that is the same for everybody: kept for a minute by whoever stands between, and named by its content.
    func cacheable(_ page: Page) -> Response {
        let document = page.document(front: front, path: path, subject: nil, csrf: "")
        let bytes = Array(document.source.utf8)
        let tag = "\"\(Digest.hex(Digest.sha256(bytes).prefix(16)))\""
        let isSame = request.headers[.ifNoneMatch].map { $0 == tag || $0.hasSuffix(tag) } ?? false
        var response =
            (isSame ? Response(status: .notModified) : Response.bytes(bytes, type: "text/html; charset=utf-8")).publicly
        response.headers[.eTag] = tag
        return response
    }

    /// Where a public list continues.
    var publicList: Services.PageRequest { Services.PageRequest(after: query("after"), size: 20, sort: nil) }

    /// A link to the next page of a public list.
    func nextPage(_ next: String?) -> Component.Pagination {
        Component.Pagination(
            first: query("after") == nil ? nil : path, next: next.map { "\(path)?after=\(URLText.encode($0))" })
    }
}

/// Protocols and reports for everybody, without signing in. Null, negative and positive results stand on the same page.
enum PublicEvaluationPages {
    static let routes: [Route] = [
        .open("/public/protocols", "publicProtocolsPage", "Protocols of evaluations", protocols),
        .open("/public/protocols/{reference}", "publicProtocolPage", "A protocol with its amendments", protocolPage),
        .open("/public/reports", "publicReportsPage", "Reports of evaluations", reports),
        .open("/public/reports/{reference}", "publicReportPage", "A report of an evaluation", report),
        .open("/public/overdue", "publicOverduePage", "Reports that should be public", overdue),
    ]

    private static let crumbs: [Component.Link] = [.init("What the fund does", "/public")]

    // MARK: Protocols

    /// Protocols, each a link to what it promised.
    static func protocolTable(_ rows: [PublishedProtocolRow]) -> any Markup {
        Component.Table(
            caption: "Protocols, newest first",
            columns: [
                .init("What is evaluated"), .init("Authority"), .init("Evaluator"), .init("Stage"),
                .init("Version", numeric: true),
                .init("Registration"),
            ],
            rows: rows.map { row -> [any Markup] in
                [
                    Component.Link(row.title, "/public/protocols/\(row.reference)"), HTML(text: row.authorityName),
                    HTML(text: row.evaluatorName ?? "–"), HTML(text: row.stage?.label ?? "–"),
                    HTML(text: "\(row.version)"),
                    HTML(text: row.isAbandoned ? "Evaluation abandoned" : Words.label(row.registration)),
                ]
            }, captionHidden: true, firstCellIsHeader: true, empty: "No protocol is public yet.")
    }

    @Sendable static func protocols(_ visit: OpenVisit) async throws -> Response {
        let page = try await visit.core.publicEvaluations.protocols(page: visit.publicList)
        return visit.cacheable(
            Page(
                "Protocols of evaluations", breadcrumbs: crumbs, wide: true,
                [
                    Component.Paragraph(
                        "A protocol says beforehand what will be measured, on whom, and how. It is frozen when it is approved; every change stays beside what it changed.",
                        .lead), protocolTable(page.rows), FundParts.link("Download as CSV", "/public/protocols.csv"),
                    visit.nextPage(page.next),
                ]))
    }

    @Sendable static func protocolPage(_ visit: OpenVisit) async throws -> Response {
        let found = try await visit.core.publicEvaluations.protocol(visit.text("reference").uppercased())
        guard let current = found.versions.first else { throw WebRefusal.notFound }
        var parts: [any Markup] = [protocolFacts(found, current)]
        if found.head.isAbandoned {
            parts += [
                Component.WarningText("This evaluation was abandoned."),
                Component.SummaryList([
                    .init("Why", found.head.abandonReason), .init("What can be learnt", found.head.lessons),
                ]),
            ]
        }
        for version in found.versions where version.number > 1 {
            parts += [
                Component.Heading("Amendment: version \(version.number)"),
                Component.SummaryList([
                    .init("Why", version.reason),
                    .init(
                        "Decided before anybody saw results by group",
                        version.beforeUnblinding.map { $0 ? "Yes" : "No" }),
                    .init("Reviewed again", version.neededReview ? "Yes" : "No"),
                    .init("Maryland scale, at most", "\(version.plannedSMS)"),
                ]),
                PaperChanges(
                    caption: "Side by side", changes: version.changes, before: "Version \(version.number - 1)",
                    after: "Version \(version.number)"),
            ]
        }
        parts += [
            Component.Heading("The protocol as it stands"),
            PaperReading(form: found.form, answers: current.answers, level: 3),
        ]
        return visit.cacheable(
            Page(
                found.head.title, caption: "Protocol \(found.head.reference), version \(current.number)",
                breadcrumbs: crumbs + [.init("Protocols", "/public/protocols")], wide: true, parts))
    }

    private static func protocolFacts(_ found: PublishedProtocol, _ current: PlanVersion) -> any Markup {
        let head = found.head
        let number = head.registryNumber.map { "\(head.registry.map(Words.label) ?? "") \($0)" }
        var rows: [Component.SummaryList.Row] = [
            .init("Authority", head.authorityName), .init("Evaluator", head.evaluatorName), .init("Award", head.award),
            .init("Registration", Words.label(head.registration)), .init("Register", number),
            .init("Registered on", head.registeredOn?.spoken),
            .init("Data collection from", head.firstDataCollection?.spoken),
            .init("Maryland scale, at most", "\(current.plannedSMS)"),
        ]
        if let fallback = current.fallbackSMS { rows.append(.init("With the fallback design", "\(fallback)")) }
        if head.isSelfEvaluation {
            rows.append(.init("Independence", "The authority evaluates itself; the evidence is capped"))
        }
        rows.append(.init("Digest of version \(current.number)", current.digest))
        return Component.SummaryList(rows)
    }

    // MARK: Reports

    /// Reports, each with what it found.
    static func reportTable(_ rows: [PublishedReportRow]) -> any Markup {
        Component.Table(
            caption: "Reports, newest first",
            columns: [
                .init("Report"), .init("Authority"), .init("Evaluator"), .init("Result"),
                .init("Maryland scale", numeric: true),
                .init("Published"),
            ],
            rows: rows.map { row -> [any Markup] in
                [
                    Component.Link(row.title, "/public/reports/\(row.reference)"), HTML(text: row.authorityName),
                    HTML(text: row.evaluatorName ?? "–"),
                    row.state == .withdrawn
                        ? Tag("Withdrawn", .red) : row.direction.map { Words.tag($0) } ?? HTML(text: "–"),
                    HTML(text: row.sms.map(String.init) ?? "–"), HTML(text: row.publishedAt.londonDay.spoken),
                ]
            }, captionHidden: true, firstCellIsHeader: true, empty: "No report is public yet.")
    }

    @Sendable static func reports(_ visit: OpenVisit) async throws -> Response {
        let page = try await visit.core.publicEvaluations.reports(page: visit.publicList)
        return visit.cacheable(
            Page(
                "Reports of evaluations", breadcrumbs: crumbs, wide: true,
                [
                    Component.Paragraph(
                        "Every report that is signed off is published, whatever it says. A result without a difference tells as much as any other.",
                        .lead), FundParts.link("Reports that should be public by now", "/public/overdue"),
                    reportTable(page.rows), FundParts.link("Download as CSV", "/public/reports.csv"),
                    visit.nextPage(page.next),
                ]))
    }

    @Sendable static func report(_ visit: OpenVisit) async throws -> Response {
        let found = try await visit.core.publicEvaluations.report(visit.text("reference").uppercased())
        let head = found.head
        var parts: [any Markup] = []
        if let answers = found.answers {
            parts += [
                Component.Heading("In plain language", size: .large),
                Component.Paragraph(head.direction?.sentence ?? "The main outcome was not analysed.", .lead),
                Component.SummaryList([.init("Summary", answers["summary.plainLanguage"])]),
            ]
            if head.state == .corrected, let note = head.correctionNote {
                parts.append(Component.InsetText([Component.Prose(text: "Corrected: \(note)")]))
            }
            parts += [reportFacts(head)] + results(found) + flow(found)
            parts += PaperParts.messages(
                found.facts.map {
                    EvaluationReportRules.messages(
                        $0, plan: PlanFacts(Questionnaire.Answers(), designs: []), thresholds: found.thresholds)
                }?.filter { $0.field.hasPrefix("flow.") || $0.field.hasPrefix("balance.") } ?? [])
            parts += [
                Component.Heading("The whole report"),
                PaperReading(form: found.form, answers: answers, without: ["results", "flow"], level: 3),
            ]
        } else {
            parts += [
                Component.WarningText("This report was withdrawn."),
                Component.SummaryList([.init("Why", head.withdrawalReason)]),
                reportFacts(head),
            ]
        }
        parts += versions(found)
        return visit.cacheable(
            Page(
                head.title, caption: "\(Words.label(head.kind)) \(head.reference), version \(head.version)",
                breadcrumbs: crumbs + [.init("Reports", "/public/reports")], wide: true, parts))
    }

    private static func reportFacts(_ head: PublishedReportHead) -> any Markup {
        var rows: [Component.SummaryList.Row] = [
            .init("Authority", head.authorityName), .init("Evaluator", head.evaluatorName), .init("Award", head.award),
            .init("Result", head.direction.map { Words.tag($0) } ?? HTML(text: "–")),
            .init(
                "Maryland scale",
                "\(head.sms.map(String.init) ?? "–") (planned: \(head.plannedSMS.map(String.init) ?? "–"))"),
            .init("Padlock, from which a panel starts", head.padlock.map { "\($0) of 5" }),
            .init(
                "Protocol",
                Component.Link("\(head.plan), version \(head.planVersion)", "/public/protocols/\(head.plan)")),
            .init("Registration", Words.label(head.registration)), .init("Signed off", head.signedOffOn?.spoken),
            .init("Published", head.publishedAt.map { $0.londonDay.spoken }),
        ]
        if head.isSelfEvaluation {
            rows.append(.init("Independence", "The authority evaluated itself; the evidence is capped"))
        }
        if let doi = head.doi { rows.append(.init("DOI", doi)) }
        rows.append(.init("Digest", head.digest))
        return Component.SummaryList(rows)
    }

    private static func results(_ found: PublishedReport) -> [any Markup] {
        guard !found.results.isEmpty else {
            return [Component.Heading("Results"), Component.Paragraph("No outcome was analysed.")]
        }
        var seen: [EffectMetric] = []
        for result in found.results where !seen.contains(result.metric) { seen.append(result.metric) }
        let plots = seen.enumerated().map { index, metric in
            ForestPlot(
                id: "results-\(index + 1)", title: metric.label,
                rows: found.results.filter { $0.metric == metric }.map {
                    .init(
                        label: $0.outcome, effect: $0.effect, interval: $0.interval,
                        text: Words.estimate($0.effect, $0.interval))
                }, noEffect: metric.noEffect)
        }
        let table = Component.Table(
            caption: "Results",
            columns: [
                .init("Outcome"), .init("When"), .init("Promised"), .init("Effect and interval"),
                .init("p", numeric: true),
                .init("Says"),
            ],
            rows: found.results.map { result -> [any Markup] in
                let kind = result.isPrespecified ? (result.isPrimary ? "Primary" : "Secondary") : "Not pre-specified"
                return [
                    HTML(text: result.outcome), HTML(text: result.timePoint), HTML(text: kind),
                    HTML(
                        text: "\(result.metric.label): \(Words.estimate(result.effect, result.interval))"
                            + (result.isAdjusted ? ", adjusted" : "")),
                    HTML(text: result.p.map { Rounded.text($0) } ?? "–"),
                    result.direction.map { Words.tag($0) } ?? HTML(text: "–"),
                ]
            }, firstCellIsHeader: true)
        let omitted: [any Markup] =
            (found.facts?.notAnalysed ?? [:]).isEmpty
            ? []
            : [
                Component.Table(
                    caption: "Promised and not analysed", columns: [.init("Outcome"), .init("Why")],
                    rows: (found.facts?.notAnalysed ?? [:]).sorted { $0.key < $1.key }.map {
                        Words.cells([$0.key, $0.value])
                    },
                    captionSize: .small, firstCellIsHeader: true)
            ]
        return [Component.Heading("Results")] + plots + [table] + omitted
    }

    private static func flow(_ found: PublishedReport) -> [any Markup] {
        guard let flow = found.facts?.flow else { return [] }
        let diagram = FlowDiagram(id: "flow", flow: flow)
        let lost = flow.attrition?.percent().map { "\($0)% were lost." } ?? ""
        return [Component.Heading("Participants"), Component.Paragraph(lost), diagram, diagram.table]
    }

    private static func versions(_ found: PublishedReport) -> [any Markup] {
        guard found.versions.count > 1 else { return [] }
        return [
            Component.Table(
                caption: "Versions",
                columns: [
                    .init("Version", numeric: true), .init("Public since"), .init("Correction"), .init("Digest"),
                ],
                rows: found.versions.map {
                    Words.cells(["\($0.number)", $0.publishedAt.londonDay.spoken, $0.note, $0.digest])
                }, captionSize: .small)
        ]
    }

    // MARK: Overdue

    @Sendable static func overdue(_ visit: OpenVisit) async throws -> Response {
        let rows = try await visit.core.publicEvaluations.overdue()
        let table = Component.Table(
            caption: "Signed off and not public",
            columns: [
                .init("Title"), .init("Authority"), .init("Evaluator"), .init("Signed off"), .init("Due"),
                .init("Days late", numeric: true), .init("Reason for the delay"),
            ],
            rows: rows.map { row -> [any Markup] in
                let delay = row.delayReason.map { reason in
                    let until = row.delayUntil.map { ", until \($0.spoken)" } ?? ""
                    let again = row.renewals > 0 ? ", renewed \(Words.count(row.renewals, "time"))" : ""
                    return Words.label(reason) + until + again + (row.delayText.map { ": \($0)" } ?? "")
                }
                return Words.cells([
                    row.title, row.authorityName, row.evaluatorName, row.signedOffOn.spoken, row.dueOn.spoken,
                    "\(row.daysOverdue)", delay ?? "None given",
                ])
            }, captionHidden: true, firstCellIsHeader: true, empty: "Every report that is due is public.")
        return visit.cacheable(
            Page(
                "Reports that should be public", breadcrumbs: crumbs, wide: true,
                [
                    Component.Paragraph(
                        "A report is public within 84 days of its sign-off. It can be delayed for one of six reasons and at most twelve weeks at a time. Until then it stands here.",
                        .lead), table, FundParts.link("Download as CSV", "/public/overdue.csv"),
                ]))
    }
}
