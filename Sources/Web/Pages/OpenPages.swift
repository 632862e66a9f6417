import Domain
import HTTPTypes
import Hummingbird
import Services

/// What anybody can open: the front page, signing in, invitations, statements.
extension RouteTable {
    static let openPages: [Route] = [
        .open("/", "frontPage", "Front page, or home when signed in", OpenPages.front),
        .open("/sign-in", "signInPage", "Sign in", SignInPages.show),
        .open(.post, "/sign-in", "signInForm", "Sign in with a passphrase", SignInPages.begin),
        .open("/sign-in/code", "secondFactorPage", "Second factor", SignInPages.showCode),
        .open(.post, "/sign-in/code", "secondFactorForm", "Give the second factor", SignInPages.giveCode),
        .open("/sign-in/recovery", "recoveryCodePage", "Recovery code", SignInPages.showRecovery),
        .open(
            "/sign-in/set-up", "firstSecondFactorPage", "Set up a second factor before signing in",
            SignInPages.showSetUp),
        .open(
            .post, "/sign-in/set-up", "beginFirstSecondFactorForm", "Begin to set up a second factor",
            SignInPages.beginSetUp),
        .open(
            .post, "/sign-in/set-up/code", "firstSecondFactorForm", "Confirm the second factor",
            SignInPages.confirmSetUp),
        .open("/invitations/{token}", "invitationPage", "Accept an invitation", InvitationPages.show),
        .open(.post, "/invitations/{token}", "acceptInvitationForm", "Choose a passphrase", InvitationPages.accept),
        .open("/accessibility", "accessibilityPage", "Accessibility statement", OpenPages.accessibility),
        .open("/api", "developersPage", "For developers", OpenPages.developers),
    ]
}

enum OpenPages {
    /// Home for whoever is signed in; a word about the service for everybody else.
    @Sendable static func front(_ visit: OpenVisit) async throws -> Response {
        if let token = visit.context.token, token.source == .cookie {
            let context = try SignedInContext(context: visit.context)
            do {
                let subject = try await visit.core.subject(context.actor)
                return try await FundPages.home(
                    Visit(
                        request: visit.request, context: context, front: visit.front, subject: subject, form: .empty,
                        parameters: visit.parameters))
            } catch let refusal as Refusal where refusal.kind == .unauthenticated {
                var response = visit.page(welcome(visit))
                response.headers.append(.init(name: .setCookie, value: SessionCookie.clear))
                return response
            }
        }
        return visit.page(welcome(visit))
    }

    private static func welcome(_ visit: OpenVisit) -> Page {
        let name = visit.front.settings.serviceName
        return Page(
            "Fund what works, and learn from it",
            [
                Component.Paragraph(
                    "\(name) runs an innovation fund from the first call to the last report: programmes and rounds, bids by "
                        + "local authorities, independent appraisal, approval within delegated limits, and evaluation as a "
                        + "condition of the money.", .lead),
                Component.Paragraph(
                    "You need an invitation to use this service. It comes by e-mail from your administrator."),
                Component.ButtonLink(text: "Sign in", href: "/sign-in", start: true),
            ])
    }

    @Sendable static func accessibility(_ visit: OpenVisit) async throws -> Response {
        let name = visit.front.settings.serviceName
        return visit.page(
            Page(
                "Accessibility statement for \(name)",
                [
                    Component.Paragraph(
                        "This statement applies to every page of \(name). We want as many people as possible to be able to "
                            + "use it, whatever device, browser or assistive technology they use."),
                    Component.BulletList([
                        "every page works without JavaScript", "every page can be used with a keyboard alone",
                        "text can be enlarged to 400% without anything being lost",
                        "charts have the same figures in a table after them",
                        "every error says what is wrong, where, and how to put it right",
                    ]),
                    Component.Heading("How accessible this service is"),
                    Component.Paragraph(
                        "The service is built to conform with the Web Content Accessibility Guidelines version 2.2 at level "
                            + "AA. Each release is checked automatically with axe on every kind of page, with and without "
                            + "JavaScript and at a width of 320 pixels. An audit by people who use assistive technology has "
                            + "not yet been made."),
                    Component.Heading("Reporting a problem"),
                    Component.Paragraph(
                        "If something on a page stops you, or you need information in another form, tell "
                            + "\(visit.front.settings.contact). They must answer within 10 working days."),
                    Component.Heading("Enforcement"),
                    Component.Paragraph(
                        "The Equality and Human Rights Commission enforces the Public Sector Bodies (Websites and Mobile "
                            + "Applications) (No. 2) Accessibility Regulations 2018. If you are not happy with the answer, "
                            + "contact the Equality Advisory and Support Service."),
                ]))
    }

    @Sendable static func developers(_ visit: OpenVisit) async throws -> Response {
        visit.page(
            Page(
                "For developers",
                [
                    Component.Paragraph("Everything that can be done on a page can be done by a program."),
                    Component.BulletList([
                        Component.Link("The description of the API (OpenAPI 3.1)", "/openapi.json"),
                        Component.Link("Create an API token on your account page", "/account"),
                    ]),
                    Component.Heading("How it works"),
                    Component.BulletList([
                        "Send the token as Authorization: Bearer and JSON as application/json. Names that we do not know are refused.",
                        "Whatever has a version has a strong ETag. A change needs If-Match with the version that you read: 428 without it, 412 when somebody was faster.",
                        "What creates money or decisions needs an Idempotency-Key: a quoted string of your own. Sent again, it is done once and answered the same.",
                        "Decisions, money and other people's access need a proof of who you are from the last \(Permission.stepUpMinutes) minutes: 401 step_up_required without it. A new token has one; later, send your code or passphrase to POST /api/v1/me/proofs: the token is replaced, and the answer has the new one, this once.",
                        "A change of state is a noun: POST /api/v1/bids/{id}/submission.",
                        "Lists are in items; the next page is in the Link header.",
                        "Errors are application/problem+json with a permanent code and a sentence.",
                    ]),
                ]))
    }
}
