import Domain
import Hummingbird
import Services

extension Done {
    static let paymentsAssembled = Done(rawValue: "payments-assembled")
}

/// Payments: claims that wait to be paid, batches, and each batch from its making to its confirmation.
enum PaymentPages {
    static let routes: [Route] =
        [
            .page("/payments", "paymentsPage", "Payments", .paymentBatchList, list),
            .page(.post, "/payments", "assemblePaymentsForm", "Put payments together", .paymentBatchAssemble, assemble),
            .page("/payments/{id}", "paymentBatchPage", "A batch of payments", .paymentBatchRead, show),
            .page(.post, "/payments/{id}/file", "paymentFileForm", "The file of a batch", .bankUnmask, file),
        ] + decisions.routes("/payments/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        visit.page(try await listPage(visit))
    }

    private static func listPage(_ visit: Visit, _ form: Form = .empty, _ problems: [FieldProblem] = []) async throws
        -> Page
    {
        let page = try await visit.core.payments.list(visit.actor, page: visit.list)
        let payable = try await visit.core.payments.payable(visit.actor)
        var content: [any Markup] = []
        if visit.query("after") == nil {
            content += waiting(visit, payable, Questions(form, problems: problems))
        }
        content += [
            Component.Table(
                caption: "Batches, newest first",
                columns: [
                    .init("Batch"), .init("Programme"), .init("Put together"), .init("Where it stands"),
                    .init("Payments", numeric: true), .init("Total", numeric: true),
                ],
                rows: page.rows.map { row -> [any Markup] in
                    [
                        Component.Link(row.batch.reference, "/payments/\(row.batch.id)"),
                        HTML(text: row.programmeTitle),
                        HTML(text: "\(Deadline.minute(row.createdAt)) by \(row.creatorName)"),
                        Words.tag(row.batch.state), HTML(text: "\(row.batch.count)"),
                        HTML(text: row.batch.total.description),
                    ]
                }, firstCellIsHeader: true, empty: "There are no batches yet."),
            visit.pagination(page.next),
        ]
        return Page("Payments", problems: problems, wide: true, content)
    }

    /// Claims that are approved, by programme, each group with the button that puts the chosen ones together.
    private static func waiting(_ visit: Visit, _ payable: [PayableClaim], _ ask: Questions) -> [any Markup] {
        guard !payable.isEmpty else {
            return [Component.Heading("Waiting to be paid"), Component.Paragraph("No claim waits to be paid.")]
        }
        let mayAssemble = Permission.allows(
            .paymentBatchAssemble, subject: visit.subject,
            facts: Permission.Facts(
                organisation: visit.subject.organisation, department: visit.subject.organisation, sealed: false))
        var parts: [any Markup] = [Component.Heading("Waiting to be paid")]
        let programmes = payable.map(\.programme).reduce(into: [ProgrammeID]()) { seen, id in
            if !seen.contains(id) { seen.append(id) }
        }
        for (index, programme) in programmes.enumerated() {
            let claims = payable.filter { $0.programme == programme }
            let title = claims.first?.programmeTitle ?? ""
            guard mayAssemble else {
                parts.append(table(claims, title))
                continue
            }
            // Each form of the page has names of its own, so that labels point at one field.
            parts.append(
                PostForm(
                    action: "/payments", csrf: visit.csrf,
                    content: [
                        ask.boxes(
                            "claims\(index)", title,
                            claims.map { claim in
                                Component.Choice(
                                    claim.claim.description,
                                    "\(claim.reference), \(claim.organisationName): \(claim.amount)",
                                    hint: claim.payBy.map { "Pay by \($0.spoken)" })
                            }),
                        Component.Button("Put the chosen payments together"),
                    ], once: Tokens.fresh(), hidden: [("programme", "\(programme)"), ("list", "claims\(index)")]))
        }
        return parts
    }

    private static func table(_ claims: [PayableClaim], _ title: String) -> any Markup {
        Component.Table(
            caption: title,
            columns: [.init("Claim"), .init("Authority"), .init("Pay by"), .init("Amount", numeric: true)],
            rows: claims.map { claim -> [any Markup] in
                [
                    Component.Link(claim.reference, "/claims/\(claim.claim)"), HTML(text: claim.organisationName),
                    HTML(text: claim.payBy?.spoken ?? ""), HTML(text: claim.amount.description),
                ]
            }, captionSize: .small, firstCellIsHeader: true)
    }

    @Sendable static func assemble(_ visit: Visit) async throws -> Response {
        try await visit.submit {
            guard let programme = ProgrammeID(visit.form["programme"]) else {
                throw Refusal.invalid([FieldProblem("claims0", "Choose at least one claim to pay.")])
            }
            let claims = visit.form.all(visit.form["list"]).compactMap { ClaimID($0) }
            let id = try await visit.core.payments.assemble(
                visit.actor, programme: programme, claims: claims, once: visit.once)
            return visit.redirect("/payments/\(id)", done: .paymentsAssembled)
        } orShow: { refusal in
            let list = visit.form["list"]
            let problems = refusal.problems.map {
                $0.field == "claims" ? FieldProblem(list, $0.sentence) : $0
            }
            return try await listPage(visit, visit.form, problems)
        }
    }

    // MARK: One batch

    @Sendable static func load(_ visit: Visit) async throws -> Decision<PaymentBatchDetail>.Case {
        let detail = try await visit.core.payments.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "Payments \(detail.row.batch.reference)", back: "/payments/\(detail.row.batch.id)",
            version: detail.row.batch.version)
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(page(visit, try await visit.core.payments.detail(visit.actor, try visit.id())))
    }

    /// The CSV itself. A form and not a link, since each account in it is opened on the record.
    @Sendable static func file(_ visit: Visit) async throws -> Response {
        let id: PaymentBatchID = try visit.id()
        return try await visit.submit {
            let export = try await visit.core.payments.export(visit.actor, id)
            return .download(export.csv, type: "text/csv; charset=utf-8", name: export.name)
        } orShow: { _ in
            page(visit, try await visit.core.payments.detail(visit.actor, id))
        }
    }

    private static func page(_ visit: Visit, _ detail: PaymentBatchDetail) -> Page {
        let batch = detail.row.batch
        let back = "/payments/\(batch.id)"
        var done = decisions.sentences()
        done[.paymentsAssembled] = "The payments are put together. Somebody else releases them."
        var rows: [Component.SummaryList.Row] = [
            .init("Where it stands", Words.tag(batch.state)), .init("Programme", detail.row.programmeTitle),
            .init("Put together by", "\(detail.row.creatorName), \(Deadline.minute(detail.row.createdAt))"),
        ]
        if let name = detail.releaserName { rows.append(.init("Released by", name)) }
        if let name = detail.confirmerName { rows.append(.init("Confirmed by", name)) }
        if let reason = detail.reason { rows.append(.init("Reason", reason)) }
        if let hash = detail.exportHash {
            rows.append(
                .init(
                    "Fingerprint of the file (SHA-256)",
                    Templates.Filled(name: "fund-code", fields: ["text": .text(hash)])))
        }
        var content: [any Markup] = [Component.SummaryList(rows)]
        content += FundParts.actions(decisions.links(back, detail))
        if detail.mayExport {
            content.append(
                PostForm(
                    action: "\(back)/file", csrf: visit.csrf,
                    content: [Component.Button("Download the payment file (CSV)", style: .secondary)]))
        }
        content += [
            payments(detail), AwardStoryParts.events(.paymentBatch, detail.history),
            FundParts.history(visit, .paymentBatch, batch.id),
        ]
        return Page(
            "Payments \(batch.reference)", breadcrumbs: [.init("Home", "/"), .init("Payments", "/payments")],
            banner: visit.banner(done), wide: true, content)
    }

    private static func payments(_ detail: PaymentBatchDetail) -> any Markup {
        Component.Table(
            caption: "Payments in this batch",
            columns: [
                .init("Payment"), .init("To"), .init("Claim"), .init("Award"), .init("Amount", numeric: true),
            ],
            rows: detail.payments.map { row -> [any Markup] in
                [
                    HTML(text: row.reference), HTML(text: "\(row.payee), \(row.masked)"),
                    Component.Link(row.claimReference, "/claims/\(row.claim)"),
                    Component.Link(row.awardReference, "/awards/\(row.award)"), HTML(text: row.amount.description),
                ]
            }, firstCellIsHeader: true)
    }

    static let decisions: [Decision<PaymentBatchDetail>] = [
        .init(
            path: "release", name: "releasePayments", title: "Release the payments", confirm: "Release",
            action: .paymentBatchRelease, done: "The payments are released.", wide: true,
            allowed: { $0.allowed.contains(.release) },
            lead: { _, detail in
                [
                    Component.Paragraph(
                        "Count the payments and add them up for yourself. The batch is released only if you come to the same."
                    ), payments(detail),
                ]
            },
            questions: { _, ask in
                [
                    ask.number("count", "How many payments are there?"),
                    ask.money("total", "What do they come to?"),
                ]
            },
            act: { visit, detail in
                var reader = Form.Reader(visit.form)
                let count = reader.number("count", in: 0...10_000, "Enter a whole number")
                let total = reader.money("total")
                try reader.check()
                _ = try await visit.core.payments.release(
                    visit.actor, detail.row.batch.id, version: visit.form.version, count: count, total: total,
                    once: visit.once)
            }),
        .init(
            path: "confirmation", name: "confirmPayments", title: "Record that they were paid",
            confirm: "Record the payments", action: .paymentBatchConfirm, done: "The payments are recorded as made.",
            allowed: { $0.allowed.contains(.confirm) },
            lead: { _, _ in
                [
                    Component.Paragraph(
                        "Paste the file that came back from the bank or the finance system. It must hold each payment of this batch once, with its reference and amount. The same file again changes nothing."
                    )
                ]
            },
            questions: { _, ask in
                [
                    ask.area(
                        "file", "The file", hint: "Its first line names its columns: payment, amount.", rows: 12,
                        most: 200_000)
                ]
            },
            act: {
                _ = try await $0.core.payments.confirm(
                    $0.actor, $1.row.batch.id, version: $0.form.version, file: $0.form.raw("file"), once: $0.once)
            }),
        .init(
            path: "cancellation", name: "cancelPayments", title: "Cancel the batch", confirm: "Cancel it",
            style: .warning, action: .paymentBatchCancel, done: "The batch is cancelled. Its claims wait again.",
            reason: "Why is it cancelled?", allowed: { $0.allowed.contains(.cancel) },
            lead: { _, _ in [Component.Paragraph("Nothing is paid. The claims can be put into another batch.")] },
            act: {
                try await $0.core.payments.cancel(
                    $0.actor, $1.row.batch.id, version: $0.form.version, reason: $0.form["reason"])
            }),
    ]
}
