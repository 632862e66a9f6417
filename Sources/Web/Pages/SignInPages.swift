import Domain
import Hummingbird
import Services

/// Signing in: a passphrase, then a second factor where one is needed.
enum SignInPages {
    @Sendable static func show(_ visit: OpenVisit) async throws -> Response {
        visit.page(form(visit, next: visit.query("next")))
    }

    private static func form(_ visit: OpenVisit, next: String?, email: String = "", problems: [FieldProblem] = [])
        -> Page
    {
        Page(
            "Sign in",
            problems: problems,
            banner: visit.query("done") == "passphrase" ? .success("Your passphrase is set. Sign in with it.") : nil,
            [
                PostForm(
                    action: "/sign-in", csrf: visit.csrf,
                    content: [
                        Component.TextInput(
                            name: "email", label: "E-mail address", value: email,
                            error: problems.first { $0.field == "email" }?.sentence, type: "email",
                            autocomplete: "username",
                            spellcheck: false),
                        Component.PasswordInput(name: "passphrase", label: "Passphrase"),
                        Component.Button("Sign in"),
                    ], hidden: [("next", URLText.relative(next))]),
                Component.Details(
                    summary: "If you cannot sign in",
                    parts: [
                        Component.Paragraph(
                            "Ask the user administrator of your organisation for a new link. With it you choose a new "
                                + "passphrase; your second factor stays.")
                    ]),
            ])
    }

    @Sendable static func begin(_ visit: OpenVisit) async throws -> Response {
        let email = visit.form["email"]
        let next = URLText.relative(visit.form["next"])
        do {
            let result = try await visit.core.signIn.begin(
                email: email, passphrase: visit.form.raw("passphrase"), source: visit.context.address,
                userAgent: visit.request.headers[.userAgent].map { String($0.prefix(200)) })
            switch result {
            case .signedIn(let token, _): return signedIn(visit, token, next)
            case .secondFactorNeeded(let token, let toEnrol):
                let path = toEnrol ? "/sign-in/set-up" : "/sign-in/code"
                return visit.redirect("\(path)?next=\(URLText.encode(next))", cookies: [SessionCookie.setHalf(token)])
            }
        } catch let refusal as Refusal where refusal.kind == .unauthenticated || refusal.kind == .invalid {
            return visit.page(
                form(visit, next: next, email: email, problems: [FieldProblem("email", refusal.sentence)]),
                status: .unprocessableContent)
        }
    }

    /// The session's cookie instead of the half-way one.
    private static func signedIn(_ visit: OpenVisit, _ token: String, _ next: String) -> Response {
        visit.redirect(next, cookies: [SessionCookie.set(token), SessionCookie.clearHalf, SessionCookie.clearForm])
    }

    @Sendable static func showCode(_ visit: OpenVisit) async throws -> Response {
        guard visit.halfToken != nil else { return visit.redirect("/sign-in") }
        return visit.page(codeForm(visit, isRecovery: false, next: visit.query("next")))
    }

    @Sendable static func showRecovery(_ visit: OpenVisit) async throws -> Response {
        guard visit.halfToken != nil else { return visit.redirect("/sign-in") }
        return visit.page(codeForm(visit, isRecovery: true, next: visit.query("next")))
    }

    private static func codeForm(_ visit: OpenVisit, isRecovery: Bool, next: String?, problem: String? = nil) -> Page {
        let next = URLText.relative(next)
        let input =
            isRecovery
            ? Component.TextInput(
                name: "code", label: "Recovery code",
                hint: "One of the codes that you kept when you set up your app. Each can be used once.",
                error: problem, width: .twenty, autocomplete: "off", spellcheck: false)
            : Component.TextInput(
                name: "code", label: "Code", hint: "The 6 digits that your authenticator app shows now", error: problem,
                width: .ten, autocomplete: "one-time-code", inputMode: "numeric", spellcheck: false)
        let other =
            isRecovery
            ? Component.Link("Use your authenticator app", "/sign-in/code?next=\(URLText.encode(next))")
            : Component.Link("Use a recovery code", "/sign-in/recovery?next=\(URLText.encode(next))")
        return Page(
            isRecovery ? "Enter a recovery code" : "Enter the code from your app",
            back: "/sign-in", problems: problem.map { [FieldProblem("code", $0)] } ?? [],
            [
                PostForm(
                    action: "/sign-in/code", csrf: visit.csrf, content: [input, Component.Button("Continue")],
                    hidden: [("next", next), ("recovery", isRecovery ? "yes" : "")]),
                HTML(trusted: "<p class=\"govuk-body\">") + other.html + HTML(trusted: "</p>"),
            ])
    }

    @Sendable static func giveCode(_ visit: OpenVisit) async throws -> Response {
        guard let half = visit.halfToken else { return visit.redirect("/sign-in") }
        let next = URLText.relative(visit.form["next"])
        do {
            let token = try await visit.core.signIn.secondFactor(
                token: half, code: visit.form["code"], source: visit.context.address)
            return signedIn(visit, token, next)
        } catch let refusal as Refusal where refusal.code == "wrong_code" || refusal.kind == .invalid {
            let page = codeForm(
                visit, isRecovery: visit.form["recovery"] == "yes", next: next, problem: refusal.sentence)
            return visit.page(page, status: .unprocessableContent)
        } catch let refusal as Refusal where refusal.kind == .unauthenticated {
            return visit.redirect("/sign-in", cookies: [SessionCookie.clearHalf])
        }
    }

    // A capacity that needs a second factor, and none set up yet: it is set up before the session counts.

    private static func actor(_ visit: OpenVisit, _ half: String) -> Services.Actor {
        Services.Actor(
            credential: Credential(token: half), requestID: visit.context.requestID, address: visit.context.address)
    }

    @Sendable static func showSetUp(_ visit: OpenVisit) async throws -> Response {
        guard visit.halfToken != nil else { return visit.redirect("/sign-in") }
        return visit.page(
            Page(
                "Set up a second factor", back: "/sign-in",
                [
                    Component.Paragraph(
                        "What you may do in this service needs a second proof of who you are: a code from an authenticator "
                            + "app on your phone or computer."),
                    Component.Paragraph("Have the app ready. The next page shows what to enter in it."),
                    PostForm(
                        action: "/sign-in/set-up", csrf: visit.csrf, content: [Component.Button("Continue")],
                        hidden: [("next", URLText.relative(visit.query("next")))]),
                ]))
    }

    @Sendable static func beginSetUp(_ visit: OpenVisit) async throws -> Response {
        guard let half = visit.halfToken else { return visit.redirect("/sign-in") }
        let enrolment = try await visit.core.account.enrolTotp(actor(visit, half))
        return visit.page(
            SecondFactorParts.page(
                enrolment, action: "/sign-in/set-up/code", csrf: visit.csrf, next: URLText.relative(visit.form["next"]))
        )
    }

    @Sendable static func confirmSetUp(_ visit: OpenVisit) async throws -> Response {
        guard let half = visit.halfToken else { return visit.redirect("/sign-in") }
        let next = URLText.relative(visit.form["next"])
        do {
            let (token, codes) = try await visit.core.account.confirmTotp(actor(visit, half), code: visit.form["code"])
            var response = visit.page(SecondFactorParts.codes(codes, next: next))
            for cookie in [SessionCookie.set(token), SessionCookie.clearHalf] {
                response.headers.append(.init(name: .setCookie, value: cookie))
            }
            return response
        } catch let refusal as Refusal where refusal.kind == .invalid {
            let shown = TotpShown(form: visit.form)
            return visit.page(
                SecondFactorParts.page(
                    shown, action: "/sign-in/set-up/code", csrf: visit.csrf, next: next, refusal: refusal),
                status: .unprocessableContent)
        }
    }
}

/// What setting up a second factor shows, for somebody who is signed in and for somebody half-way.
enum SecondFactorParts {
    static func page(
        _ enrolment: TotpEnrolment, action: String, csrf: String, next: String
    ) -> Page {
        page(TotpShown(secret: enrolment.secret, uri: enrolment.uri), action: action, csrf: csrf, next: next)
    }

    static func page(_ shown: TotpShown, action: String, csrf: String, next: String, refusal: Refusal? = nil) -> Page {
        let problem = refusal?.problems.first { $0.field == "code" }?.sentence
        return Page(
            "Enter this key in your authenticator app", problems: refusal?.problems ?? [],
            [
                Component.SummaryList([
                    .init("Key", HTML(trusted: "<span class=\"app-code\">\(HTML(text: shown.grouped).source)</span>")),
                    .init("Kind", "Time-based, 6 digits, every 30 seconds"),
                    .init("Or open", HTML(trusted: "<span class=\"app-code\">\(HTML(text: shown.uri).source)</span>")),
                ]),
                PostForm(
                    action: action, csrf: csrf,
                    content: [
                        Component.TextInput(
                            name: "code", label: "Code", hint: "The 6 digits that the app shows for this service",
                            error: problem,
                            width: .ten, autocomplete: "one-time-code", inputMode: "numeric", spellcheck: false),
                        Component.Button("Confirm"),
                    ], hidden: [("next", next), ("secret", shown.secret), ("uri", shown.uri)]),
            ])
    }

    static func codes(_ codes: [String], next: String) -> Page {
        Page(
            "Keep these recovery codes",
            [
                Component.Paragraph(
                    "Each code signs you in once if you lose your app. They are shown only now; keep them in a safe place."
                ),
                HTML(trusted: "<ul class=\"govuk-list app-code\">")
                    + HTML(trusted: codes.map { "<li>\(HTML(text: $0).source)</li>" }.joined())
                    + HTML(trusted: "</ul>"),
                Component.ButtonLink(text: "Continue", href: next),
            ])
    }
}

/// The key of a second factor as its page shows it, kept in the form while codes are tried.
struct TotpShown: Sendable {
    let secret: String
    let uri: String

    init(secret: String, uri: String) {
        self.secret = secret
        self.uri = uri
    }

    /// From the form; only what looks like one is shown again.
    init(form: Form) {
        let secret = form["secret"]
        let looksRight =
            secret.utf8.count <= 64 && secret.utf8.allSatisfy { (65...90).contains($0) || (50...55).contains($0) }
        self.secret = looksRight ? secret : ""
        uri = form["uri"].hasPrefix("otpauth://") && form["uri"].utf8.count < 400 ? form["uri"] : ""
    }

    /// In groups of four, which are easier to type.
    var grouped: String {
        var rest = Substring(secret)
        var groups: [Substring] = []
        while !rest.isEmpty {
            groups.append(rest.prefix(4))
            rest = rest.dropFirst(4)
        }
        return groups.joined(separator: " ")
    }
}

/// Accepting an invitation: the person themselves chooses a passphrase.
enum InvitationPages {
    @Sendable static func show(_ visit: OpenVisit) async throws -> Response {
        visit.page(try await page(visit, refusal: nil))
    }

    private static func page(_ visit: OpenVisit, refusal: Refusal?) async throws -> Page {
        let invitation = try await visit.core.signIn.invitation(token: visit.text("token"))
        guard !invitation.expired else {
            return Page(
                "This link can no longer be used",
                [
                    Component.Paragraph(
                        "It was used already, or it is too old. Ask the person who invited you for a new one."),
                    Component.ButtonLink(text: "Sign in", href: "/sign-in"),
                ])
        }
        let error = refusal?.problems.first { $0.field == "passphrase" }?.sentence
        return Page(
            invitation.isReset ? "Choose a new passphrase" : "Set up your account",
            [
                Component.SummaryList([
                    .init("Name", invitation.name), .init("E-mail address", invitation.email),
                    .init("Organisation", invitation.organisation), .init("Role", invitation.role.label),
                ]),
                PostForm(
                    action: visit.path, csrf: visit.csrf,
                    content: [
                        // Password managers learn the name of the account from it.
                        HTML(
                            trusted:
                                "<input type=\"hidden\" autocomplete=\"username\" value=\"\(HTML(text: invitation.email).source)\">"
                        ),
                        Component.PasswordInput(
                            name: "passphrase", label: "Passphrase",
                            hint:
                                "At least 15 characters. Four or five words that have nothing to do with each other are easy to remember.",
                            error: error, autocomplete: "new-password"),
                        Component.Button(invitation.isReset ? "Set the passphrase" : "Set up the account"),
                    ]),
            ])
    }

    @Sendable static func accept(_ visit: OpenVisit) async throws -> Response {
        do {
            try await visit.core.signIn.accept(
                invitation: visit.text("token"), passphrase: visit.form.raw("passphrase"))
            return visit.redirect("/sign-in?done=passphrase")
        } catch let refusal as Refusal where refusal.kind == .invalid {
            return visit.page(try await page(visit, refusal: refusal).saying(refusal), status: .unprocessableContent)
        }
    }
}
