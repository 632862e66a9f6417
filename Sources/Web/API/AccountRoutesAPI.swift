import Domain
import HTTPTypes
import Hummingbird
import Services

private let proof = Schema.object([
    .optional("code", .nullable(.text(most: 20)), "The six digits of the app, where a second factor is set up."),
    .optional("passphrase", .nullable(.text(most: 1000)), "Where none is set up."),
])

private let passphrases = Schema.object([
    .required("current", .text(most: 1000, least: 1)), .required("new", .text(most: 1000, least: 1)),
])

private let newToken = Schema.object([
    .required("label", .text(most: 140, least: 1), "What it is for."), .required("scope", .codes(TokenScope.self)),
    .required("days", .integer(1...366), "How long it lives."),
])

/// One's own account: what stands in it, and how one signs in.
extension RouteTable {
    static let accountAPI: [Route] = [
        .api(.get, "/me", "getMe", "Who you are and what you may act as", .accountRead, gives: .one("Me")) { call in
            .json(try await call.core.subject(call.actor).json)
        },
        .api(.get, "/me/tasks", "listMyTasks", "What waits for you", .homeRead, gives: .one("Tasks")) { call in
            .json(try await call.core.home(call.actor).json)
        },
        .api(.get, "/me/sessions", "listMySessions", "Where you are signed in", .accountRead, gives: .one("Sessions")) {
            call in
            .json(.items(try await call.core.account.sessions(call.actor), \.json))
        },
        .api(.delete, "/me/sessions/{id}", "endMySession", "End a session", .accountEndSessions) { call in
            try await call.core.account.endSession(call.actor, try call.id())
            return .noContent()
        },
        .api(.get, "/me/tokens", "listMyTokens", "Your API tokens", .tokenList, gives: .one("Sessions")) { call in
            .json(.items(try await call.core.account.tokens(call.actor), \.json))
        },
        .api(.delete, "/me/tokens/{id}", "revokeMyToken", "Revoke a token", .tokenRevoke) { call in
            try await call.core.account.revokeToken(call.actor, try call.id())
            return .noContent()
        },
        .api(
            .delete, "/me/sessions", "endAllMySessions", "Sign out everywhere: every session and token ends",
            .accountEndSessions
        ) { call in
            try await call.core.account.signOutEverywhere(call.actor)
            return .noContent()
        },
        .api(
            .post, "/me/tokens", "createMyToken", "Make an API token, which is given this once; from a session only",
            .tokenCreate, body: newToken, gives: .created("Token")
        ) { call in
            let (id, token) = try await call.core.account.createToken(
                call.actor, label: call.body("label"), scope: TokenScope(rawValue: call.body("scope")) ?? .read,
                days: call.json["days"]?.integer ?? 0)
            return .created("/api/v1/me/tokens", .object([("id", .of(id)), ("token", .text(token))]))
        },
        .api(
            .post, "/me/proofs", "proveMyself",
            "Prove again who you are: the token is replaced, and the new one is given this once", .accountStepUp,
            body: proof, gives: .one("Proof")
        ) { call in
            let token = try await call.core.account.stepUp(
                call.actor, passphrase: call.optional("passphrase"), code: call.optional("code"))
            return call.renewed(token)
        },
        .api(
            .put, "/me/passphrase", "changeMyPassphrase", "Change your passphrase; all other sessions and tokens end",
            .accountChangePassphrase, body: passphrases
        ) { call in
            try await call.core.account.changePassphrase(
                call.actor, current: call.body("current"), new: call.body("new"))
            return .noContent()
        },
        .api(
            .post, "/me/second-factor", "beginMySecondFactor", "Begin to set up a second factor, from a session only",
            .accountSetUpSecondFactor, gives: .one("Enrolment")
        ) { call in
            let enrolment = try await call.core.account.enrolTotp(call.actor)
            return .json(.object([("secret", .text(enrolment.secret)), ("uri", .text(enrolment.uri))]))
        },
        .api(
            .post, "/me/second-factor/confirmation", "confirmMySecondFactor",
            "Confirm it with the first code; recovery codes are given this once", .accountSetUpSecondFactor,
            body: .object([.required("code", .text(most: 20, least: 1), "The six digits that the app shows.")]),
            gives: .one("SecondFactor")
        ) { call in
            let (token, codes) = try await call.core.account.confirmTotp(call.actor, code: call.body("code"))
            return call.renewed(token, with: [("recoveryCodes", .list(codes) { .text($0) })])
        },
        .api(
            .post, "/me/recovery-codes", "renewMyRecoveryCodes",
            "New recovery codes for the old ones, given this once; from a session only", .accountRenewRecoveryCodes,
            gives: .one("RecoveryCodes")
        ) { call in
            let codes = try await call.core.account.renewRecoveryCodes(call.actor)
            return .json(.object([("recoveryCodes", .list(codes) { .text($0) })]))
        },
    ]
}

extension Call {
    /// The answer with a credential's successor. Where the old one came in a cookie, so does the new one, with the token
    /// that the next change needs against forgery; else it stands in the body, this once.
    fileprivate func renewed(_ token: String, with more: [(String, JSON)] = []) -> Response {
        let byCookie = context.token.source == .cookie
        var response = Response.json(
            .object(
                [
                    ("token", .text(byCookie ? nil : token)),
                    ("csrfToken", .text(byCookie ? CSRF.token(session: token) : nil)),
                ] + more))
        response.headers[.cacheControl] = "no-store"
        if byCookie { response.headers.append(.init(name: .setCookie, value: SessionCookie.set(token))) }
        return response
    }
}
