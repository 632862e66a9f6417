import Domain
import HTTPTypes
import Hummingbird
import Services

extension Done {
    static let passphraseChanged = Done(rawValue: "passphrase-changed")
    static let sessionEnded = Done(rawValue: "session-ended")
    static let tokenRevoked = Done(rawValue: "token-revoked")
}

/// One's own account.
extension RouteTable {
    static let accountPages: [Route] = [
        .page("/account", "accountPage", "Your account", .accountRead, AccountPages.show),
        .page(
            "/account/passphrase", "passphrasePage", "Change your passphrase", .accountChangePassphrase,
            AccountPages.showPassphrase),
        .page(
            .post, "/account/passphrase", "changePassphraseForm", "Change your passphrase", .accountChangePassphrase,
            AccountPages.changePassphrase),
        .page(
            "/account/second-factor", "secondFactorSetUpPage", "Set up a second factor", .accountSetUpSecondFactor,
            AccountPages.showSecondFactor),
        .page(
            .post, "/account/second-factor", "beginSecondFactorForm", "Begin to set up a second factor",
            .accountSetUpSecondFactor, AccountPages.beginSecondFactor),
        .page(
            .post, "/account/second-factor/code", "confirmSecondFactorForm", "Confirm the second factor",
            .accountSetUpSecondFactor, AccountPages.confirmSecondFactor),
        .page(
            .post, "/account/recovery-codes", "renewRecoveryCodesForm", "New recovery codes",
            .accountRenewRecoveryCodes, AccountPages.renewRecoveryCodes),
        .page("/account/step-up", "stepUpPage", "Confirm that it is you", .accountStepUp, AccountPages.showStepUp),
        .page(.post, "/account/step-up", "stepUpForm", "Confirm that it is you", .accountStepUp, AccountPages.stepUp),
        .page(
            .post, "/account/sessions/{id}/end", "endSessionForm", "End a session", .accountEndSessions,
            AccountPages.endSession),
        .page("/account/tokens/new", "newTokenPage", "Create an API token", .tokenCreate, AccountPages.showNewToken),
        .page(
            .post, "/account/tokens/new", "createTokenForm", "Create an API token", .tokenCreate,
            AccountPages.createToken),
        .page(
            .post, "/account/tokens/{id}/revoke", "revokeTokenForm", "Revoke an API token", .tokenRevoke,
            AccountPages.revokeToken),
        .page(.post, "/sign-out", "signOutForm", "Sign out", .accountEndSessions, AccountPages.signOut),
        .page(
            .post, "/sign-out/everywhere", "signOutEverywhereForm", "Sign out everywhere", .accountEndSessions,
            AccountPages.signOutEverywhere),
    ]
}

enum AccountPages {
    @Sendable static func show(_ visit: Visit) async throws -> Response {
        async let sessions = visit.core.account.sessions(visit.actor)
        async let tokens = visit.core.account.tokens(visit.actor)
        let subject = visit.subject
        let capacities = subject.capacities.map(\.capacity.label).joined(separator: ", ")
        return visit.page(
            Page(
                "Your account",
                banner: visit.banner([
                    .passphraseChanged: "Your passphrase was changed, and all other sessions were ended.",
                    .sessionEnded: "The session was ended.", .tokenRevoked: "The token was revoked.",
                ]),
                [
                    Component.SummaryList([
                        .init("Name", subject.name), .init("Organisation", subject.organisationName),
                        .init("Role", subject.role.label),
                        .init("You act as", capacities.isEmpty ? "No capacity today" : capacities),
                        .init(
                            "Passphrase", "Set",
                            actions: [.init("Change", "/account/passphrase", hidden: "your passphrase")]),
                        .init(
                            "Second factor", subject.hasSecondFactor ? "Set up" : "Not set up",
                            actions: [
                                .init(
                                    subject.hasSecondFactor ? "Replace" : "Set up", "/account/second-factor",
                                    hidden: "your second factor")
                            ]),
                    ]),
                    Component.Heading("Where you are signed in"), sessionTable(try await sessions, visit),
                    Component.Heading("API tokens"),
                    Component.Paragraph(
                        "A token lets a program do what you may do, or only look. Treat it like a passphrase."),
                    tokenTable(try await tokens, visit),
                    Component.ButtonLink(text: "Create a token", href: "/account/tokens/new", style: .secondary),
                    Component.Heading("Sign out everywhere"),
                    PostForm(
                        action: "/sign-out/everywhere", csrf: visit.csrf,
                        content: [
                            Component.Paragraph("Ends all your sessions and tokens, on every device, at once."),
                            Component.Button("Sign out everywhere", style: .warning),
                        ]),
                ] + recovery(visit)))
    }

    private static func recovery(_ visit: Visit) -> [any Markup] {
        guard visit.subject.hasSecondFactor else { return [] }
        return [
            Component.Heading("Recovery codes"),
            PostForm(
                action: "/account/recovery-codes", csrf: visit.csrf,
                content: [
                    Component.Paragraph("New codes replace the ones that you have."),
                    Component.Button("Show new recovery codes", style: .secondary),
                ]),
        ]
    }

    private static func sessionTable(_ sessions: [SessionView], _ visit: Visit) -> any Markup {
        Component.Table(
            caption: "Sessions",
            columns: [.init("Began"), .init("Last used"), .init("Ends at the latest"), .init("Action", hidden: true)],
            rows: sessions.map { session in
                [
                    HTML(text: LondonTime(session.createdAt).description),
                    HTML(text: LondonTime(session.lastSeenAt).description),
                    HTML(text: LondonTime(session.expiresAt).description),
                    session.isCurrent
                        ? HTML(text: "This session")
                        : endButton(
                            "/account/sessions/\(session.id)/end", "End",
                            of: "session that began \(LondonTime(session.createdAt))", visit),
                ]
            }, captionHidden: true)
    }

    private static func tokenTable(_ tokens: [SessionView], _ visit: Visit) -> any Markup {
        Component.Table(
            caption: "Tokens", columns: [.init("For"), .init("May"), .init("Ends"), .init("Action", hidden: true)],
            rows: tokens.map { token in
                [
                    HTML(text: token.label), HTML(text: token.scope == .read ? "look" : "look and change"),
                    HTML(text: LondonTime(token.expiresAt).description),
                    endButton("/account/tokens/\(token.id)/revoke", "Revoke", of: "token \(token.label)", visit),
                ]
            }, captionHidden: true, empty: "You have no tokens.")
    }

    private static func endButton(_ action: String, _ text: String, of what: String, _ visit: Visit) -> HTML {
        PostForm(
            action: action, csrf: visit.csrf,
            content: [
                HTML(
                    trusted:
                        "<button type=\"submit\" class=\"app-link-button\">\(text)<span class=\"govuk-visually-hidden\"> "
                        + "\(HTML(text: what).source)</span></button>")
            ]
        ).html
    }

    @Sendable static func showPassphrase(_ visit: Visit) async throws -> Response {
        visit.page(passphrasePage(visit, nil))
    }

    private static func passphrasePage(_ visit: Visit, _ refusal: Refusal?) -> Page {
        Page(
            "Change your passphrase", back: "/account",
            [
                PostForm(
                    action: "/account/passphrase", csrf: visit.csrf,
                    content: [
                        Component.PasswordInput(
                            name: "current", label: "Passphrase that you use now",
                            error: visit.problem("current", in: refusal)),
                        Component.PasswordInput(
                            name: "new", label: "New passphrase",
                            hint:
                                "At least 15 characters. Four or five words that have nothing to do with each other are easy to remember.",
                            error: visit.problem("new", in: refusal), autocomplete: "new-password"),
                        Component.Button("Change the passphrase"),
                    ])
            ])
    }

    @Sendable static func changePassphrase(_ visit: Visit) async throws -> Response {
        try await visit.submit {
            try await visit.core.account.changePassphrase(
                visit.actor, current: visit.form.raw("current"), new: visit.form.raw("new"))
            return visit.redirect("/account", done: .passphraseChanged)
        } orShow: {
            passphrasePage(visit, $0)
        }
    }

    @Sendable static func showSecondFactor(_ visit: Visit) async throws -> Response {
        visit.page(
            Page(
                visit.subject.hasSecondFactor ? "Replace your second factor" : "Set up a second factor",
                back: "/account",
                [
                    Component.Paragraph(
                        "Have an authenticator app ready on your phone or computer. The next page shows what to enter in it."
                    ),
                    PostForm(
                        action: "/account/second-factor", csrf: visit.csrf, content: [Component.Button("Continue")]),
                ]))
    }

    @Sendable static func beginSecondFactor(_ visit: Visit) async throws -> Response {
        let enrolment = try await visit.core.account.enrolTotp(visit.actor)
        return visit.page(
            SecondFactorParts.page(enrolment, action: "/account/second-factor/code", csrf: visit.csrf, next: "/account")
        )
    }

    @Sendable static func confirmSecondFactor(_ visit: Visit) async throws -> Response {
        do {
            let (token, codes) = try await visit.core.account.confirmTotp(visit.actor, code: visit.form["code"])
            var response = visit.page(SecondFactorParts.codes(codes, next: "/account"))
            response.headers.append(.init(name: .setCookie, value: SessionCookie.set(token)))
            return response
        } catch let refusal as Refusal where refusal.kind == .invalid {
            let page = SecondFactorParts.page(
                TotpShown(form: visit.form), action: "/account/second-factor/code", csrf: visit.csrf, next: "/account",
                refusal: refusal)
            return visit.page(page, status: .unprocessableContent)
        }
    }

    @Sendable static func renewRecoveryCodes(_ visit: Visit) async throws -> Response {
        visit.page(
            SecondFactorParts.codes(try await visit.core.account.renewRecoveryCodes(visit.actor), next: "/account"))
    }

    @Sendable static func showStepUp(_ visit: Visit) async throws -> Response {
        visit.page(stepUpPage(visit, next: visit.query("next"), nil))
    }

    private static func stepUpPage(_ visit: Visit, next: String?, _ refusal: Refusal?) -> Page {
        let input: any Markup =
            visit.subject.hasSecondFactor
            ? Component.TextInput(
                name: "code", label: "Code", hint: "The 6 digits that your authenticator app shows now",
                error: visit.problem("code", in: refusal), width: .ten, autocomplete: "one-time-code",
                inputMode: "numeric",
                spellcheck: false)
            : Component.PasswordInput(name: "code", label: "Passphrase", error: visit.problem("code", in: refusal))
        return Page(
            "Confirm that it is you",
            [
                Component.Paragraph(
                    "What you asked for needs a fresh proof of who you are. It lasts \(Permission.stepUpMinutes) minutes; you then go back to where you were."
                ),
                PostForm(
                    action: "/account/step-up", csrf: visit.csrf, content: [input, Component.Button("Confirm")],
                    hidden: [("next", URLText.relative(next))]),
            ])
    }

    @Sendable static func stepUp(_ visit: Visit) async throws -> Response {
        let next = URLText.relative(visit.form["next"])
        return try await visit.submit {
            let proof = visit.form.raw("code")
            let token =
                visit.subject.hasSecondFactor
                ? try await visit.core.account.stepUp(visit.actor, code: proof)
                : try await visit.core.account.stepUp(visit.actor, passphrase: proof)
            return visit.redirect(next, newToken: token)
        } orShow: {
            stepUpPage(visit, next: next, $0)
        }
    }

    @Sendable static func endSession(_ visit: Visit) async throws -> Response {
        try await visit.core.account.endSession(visit.actor, try visit.id())
        return visit.redirect("/account", done: .sessionEnded)
    }

    @Sendable static func revokeToken(_ visit: Visit) async throws -> Response {
        try await visit.core.account.revokeToken(visit.actor, try visit.id())
        return visit.redirect("/account", done: .tokenRevoked)
    }

    @Sendable static func showNewToken(_ visit: Visit) async throws -> Response { visit.page(tokenPage(visit, nil)) }

    private static func tokenPage(_ visit: Visit, _ refusal: Refusal?) -> Page {
        Page(
            "Create an API token", back: "/account",
            [
                PostForm(
                    action: "/account/tokens/new", csrf: visit.csrf,
                    content: [
                        Component.TextInput(
                            name: "label", label: "What it is for", value: visit.form["label"],
                            error: visit.problem("label", in: refusal)),
                        Component.Radios(
                            name: "scope", legend: "What it may do",
                            choices: [.init("read", "Look only"), .init("write", "Look and change, as you may")],
                            value: visit.form.optional("scope") ?? "read", error: visit.problem("scope", in: refusal),
                            legendSize: .small),
                        Component.TextInput(
                            name: "days", label: "How many days it lives", value: visit.form.optional("days") ?? "30",
                            error: visit.problem("days", in: refusal), width: .three, inputMode: "numeric"),
                        Component.Button("Create the token"),
                    ])
            ])
    }

    @Sendable static func createToken(_ visit: Visit) async throws -> Response {
        try await visit.submit {
            let (_, token) = try await visit.core.account.createToken(
                visit.actor, label: visit.form["label"], scope: TokenScope(rawValue: visit.form["scope"]) ?? .read,
                days: Int(visit.form["days"]) ?? 0)
            return visit.page(
                Page(
                    "Your new token", back: "/account",
                    [
                        Component.WarningText("Copy it now. It is not shown again."),
                        Component.InsetText([
                            HTML(trusted: "<span class=\"app-code\">\(HTML(text: token).source)</span>")
                        ]),
                        Component.ButtonLink(text: "Continue", href: "/account"),
                    ]))
        } orShow: {
            tokenPage(visit, $0)
        }
    }

    @Sendable static func signOut(_ visit: Visit) async throws -> Response {
        try await visit.core.account.signOut(visit.actor)
        return goodbye()
    }

    @Sendable static func signOutEverywhere(_ visit: Visit) async throws -> Response {
        try await visit.core.account.signOutEverywhere(visit.actor)
        return goodbye()
    }

    private static func goodbye() -> Response {
        Response(
            status: .seeOther,
            headers: [.location: "/", .setCookie: SessionCookie.clear, .clearSiteData: "\"storage\""])
    }
}
