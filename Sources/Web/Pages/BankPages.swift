import Domain
import Hummingbird
import Services

/// Bank details of an award's authority: entered by one person, typed again by others, looked at by finance with a reason.
enum BankPages {
    static let routes: [Route] = [
        .page("/awards/{id}/bank", "bankPage", "Bank details", .bankRead, show),
        .page(.post, "/awards/{id}/bank", "enterBankForm", "Enter bank details", .bankEnter, enter),
        .page(
            .post, "/awards/{id}/bank/verification", "verifyBankForm", "Verify bank details", .bankVerify, verify),
        .page(.post, "/awards/{id}/bank/look", "unmaskBankForm", "Look at bank details", .bankUnmask, unmask),
        .page("/awards/{id}/recoveries", "recoveriesPage", "Money due back", .recoveryReceive, showRecoveries),
        .page(
            .post, "/awards/{id}/recoveries", "receiveForm", "Record money that came back", .recoveryReceive, receive),
    ]

    /// The details that count, masked, and how far they can be relied on.
    static func standing(_ bank: BankStanding) -> any Markup {
        let ready: any Markup =
            bank.isReady
            ? Tag("Ready for payments", .green)
            : bank.payableFrom == nil ? Tag("Not verified yet", .yellow) : Tag("On hold", .orange)
        var rows: [Component.SummaryList.Row] = [
            .init("Account", "\(bank.payee), \(bank.masked)"), .init("Standing", ready),
            .init("Entered", Deadline.minute(bank.enteredAt)),
            .init("Verified by", Words.count(bank.verifications, "person", "people")),
        ]
        if let from = bank.payableFrom, !bank.isReady {
            rows.append(.init("Payments from", Deadline.minute(from)))
        }
        return Component.SummaryList(rows)
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(page(visit, try await visit.core.awards.detail(visit.actor, try visit.id()), .empty))
    }

    @Sendable static func enter(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        return try await visit.submit {
            _ = try await visit.core.bankAccounts.enter(visit.actor, for: detail.award.id, details(visit.form))
            return visit.redirect("/awards/\(detail.award.id)", done: .bankEntered)
        } orShow: { refusal in
            page(visit, detail, visit.form, refusal.problems)
        }
    }

    @Sendable static func verify(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        return try await visit.submit {
            guard let id = BankAccountID(visit.form["bankAccount"]) else { throw WebRefusal.notFound }
            try await visit.core.bankAccounts.verify(visit.actor, for: detail.award.id, id, details(visit.form))
            return visit.redirect("/awards/\(detail.award.id)", done: .bankVerified)
        } orShow: { refusal in
            page(visit, detail, visit.form, refusal.problems)
        }
    }

    /// Shows the full details, once, on a page that says that the look is recorded.
    @Sendable static func unmask(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        return try await visit.submit {
            guard let id = BankAccountID(visit.form["bankAccount"]) else { throw WebRefusal.notFound }
            let bank = try await visit.core.bankAccounts.unmask(
                visit.actor, for: detail.award.id, id, reason: visit.form["reason"])
            return visit.page(
                Page(
                    "Bank details in full", caption: AwardPages.caption(detail),
                    back: "/awards/\(detail.award.id)/bank",
                    [
                        Component.WarningText("That you looked at these details, and why, is on the audit trail."),
                        Component.SummaryList([
                            .init("Name on the account", bank.name), .init("Sort code", bank.sortCode),
                            .init("Account number", bank.account),
                        ]),
                    ]))
        } orShow: { refusal in
            page(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func details(_ form: Form) -> BankDetails {
        BankDetails(name: form["name"], sortCode: form["sortCode"], account: form["account"])
    }

    private static func page(
        _ visit: Visit, _ detail: AwardDetail, _ form: Form, _ problems: [FieldProblem] = []
    ) -> Page {
        let back = "/awards/\(detail.award.id)"
        var content: [any Markup] = []
        if let bank = detail.bank {
            content.append(standing(bank))
        } else {
            content.append(Component.InsetText("No bank details are entered yet."))
        }
        let ask = Questions(form, problems: problems)
        let verifying = detail.mayVerifyBank && detail.bank.map { !$0.isReady } ?? false
        // One form with these names on a page: verifying comes first where both could be done.
        if verifying, let bank = detail.bank, visit.query("change") == nil {
            content += [
                Component.Heading("Verify them"),
                Component.Paragraph(
                    "Type the details again, from the authority’s own papers and not from this service. You did not enter them."
                ),
                PostForm(
                    action: "\(back)/bank/verification", csrf: visit.csrf,
                    content: fields(ask) + [Component.Button("Verify")],
                    hidden: [("bankAccount", bank.id.description)]),
            ]
            if detail.mayEnterBank {
                content.append(FundParts.link("Enter other details instead", "\(back)/bank?change=yes"))
            }
        } else if detail.mayEnterBank {
            content += [
                Component.Heading(detail.bank == nil ? "Enter them" : "Change them"),
                Component.Paragraph(
                    "Other people verify what you enter. A change is held for seven days before money goes to the new account."
                ),
                PostForm(
                    action: "\(back)/bank", csrf: visit.csrf, content: fields(ask) + [Component.Button("Enter")]),
            ]
        }
        if detail.mayUnmask, let bank = detail.bank {
            content += [
                Component.Heading("See them in full"),
                PostForm(
                    action: "\(back)/bank/look", csrf: visit.csrf,
                    content: [
                        ask.area(
                            "reason", "Why do you need to see them?",
                            hint: "At least 20 characters. Your look is recorded.", rows: 2),
                        Component.Button("Show them", style: .secondary),
                    ], hidden: [("bankAccount", bank.id.description)]),
            ]
        }
        return Page(
            "Bank details", caption: AwardPages.caption(detail), back: back, problems: problems, content)
    }

    private static func fields(_ ask: Questions) -> [any Markup] {
        [
            ask.text("name", "Name on the account"), ask.text("sortCode", "Sort code", hint: "Six digits", width: .ten),
            ask.text("account", "Account number", hint: "Eight digits", width: .ten),
        ]
    }

    // MARK: Money that comes back

    @Sendable static func showRecoveries(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        guard detail.mayReceive else { return visit.redirect("/awards/\(detail.award.id)") }
        return visit.page(recoveriesPage(visit, detail, .empty))
    }

    @Sendable static func receive(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.awards.detail(visit.actor, try visit.id())
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let day = reader.day("receivedOn")
            if day == nil { reader.refuse("receivedOn", "Enter the day on which the money came") }
            let chosen = detail.recoveries.first { $0.id.description == visit.form["recovery"] }
            if chosen == nil { reader.refuse("recovery", "Choose which money came back") }
            try reader.check()
            guard let day, let chosen else { throw WebRefusal.notFound }
            try await visit.core.awards.receive(
                visit.actor, detail.award.id, recovery: chosen.id, version: chosen.version, on: day)
            return visit.redirect("/awards/\(detail.award.id)", done: .recoveryReceived)
        } orShow: { refusal in
            recoveriesPage(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func recoveriesPage(
        _ visit: Visit, _ detail: AwardDetail, _ form: Form, _ problems: [FieldProblem] = []
    ) -> Page {
        let ask = Questions(form, problems: problems)
        let back = "/awards/\(detail.award.id)"
        let open = detail.recoveries.filter { $0.receivedOn == nil }
        let post = PostForm(
            action: "\(back)/recoveries", csrf: visit.csrf,
            content: [
                ask.radios(
                    "recovery", "Which money came back",
                    open.map { Component.Choice($0.id.description, "\($0.amount): \($0.reason)") }),
                ask.date("receivedOn", "When"),
                Component.ButtonGroup(Component.Button("Record it"), Component.Link("Cancel", back)),
            ])
        return Page(
            "Record money that came back", caption: AwardPages.caption(detail), back: back, problems: problems, [post])
    }
}
