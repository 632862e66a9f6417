import Domain
import Hummingbird
import Services

/// The program as handlers see it.
struct Front: Sendable {
    /// The core.
    let core: Touchstone
    /// Settings.
    let settings: WebConfiguration
    /// Stylesheets and scripts.
    let assets: Assets
    /// The address of assets.
    var assetsPath: String { assets.path }
}

/// A page asked for by nobody in particular: sign-in, invitations, statements.
struct OpenVisit: Sendable {
    let request: Request
    let context: WebContext
    let front: Front
    /// What was sent, checked against forgery; empty for a page that was only opened.
    let form: Form
    /// The parameters of the query.
    let parameters: Form
    /// The cookie that sign-in forms are bound to, and whether it must be set by this answer.
    let formCookie: (value: String, isNew: Bool)

    var core: Touchstone { front.core }
    var path: String { request.uri.path }
    /// For the hidden field `_csrf`.
    var csrf: String { CSRF.token(form: formCookie.value, key: front.settings.secretKey) }
    /// A part of the path.
    func text(_ name: String) -> String { context.parameters.get(name) ?? "" }
    /// A parameter of the query.
    func query(_ name: String) -> String? { parameters.optional(name) }

    /// The half-way token after the passphrase.
    var halfToken: String? { SessionCookie.read(SessionCookie.halfName, from: request.headers) }

    /// On to another page (303), with cookies.
    func redirect(_ path: String, cookies: [String] = []) -> Response {
        var response = Response(status: .seeOther, headers: [.location: path])
        for cookie in cookies { response.headers.append(.init(name: .setCookie, value: cookie)) }
        return response
    }

    /// The page as an answer.
    func page(_ page: Page, status: HTTPResponse.Status = .ok) -> Response {
        var response = page.response(status: status, front: front, path: path, subject: nil, csrf: csrf)
        if formCookie.isNew {
            response.headers.append(.init(name: .setCookie, value: SessionCookie.setForm(formCookie.value)))
        }
        return response
    }
}

/// A page asked for by somebody who is signed in. The one argument of every page handler.
struct Visit: Sendable {
    let request: Request
    let context: SignedInContext
    let front: Front
    /// Who is asking, as the database knows them.
    let subject: Subject
    /// What was sent, checked against forgery; empty for a page that was only opened.
    let form: Form
    /// The parameters of the query.
    let parameters: Form

    var core: Touchstone { front.core }
    var actor: Services.Actor { context.actor }
    var path: String { request.uri.path }
    /// For the hidden field `_csrf`. `PostForm` writes it.
    var csrf: String { CSRF.token(session: context.token.value) }
    /// The token of a form that creates something; see `PostForm(once: true)`.
    var once: IdempotencyKey? { form.once(path) }
    /// Whether the page's script is saving a draft; answer with `autosaved` then.
    var isAutosave: Bool { request.headers[.autosave] == "1" }

    /// The identity in the path: `let id: BidID = try visit.id()`.
    func id<Kind>(_ name: String = "id") throws -> Identifier<Kind> {
        guard let id = context.parameters.get(name).flatMap({ Identifier<Kind>($0) }) else { throw WebRefusal.notFound }
        return id
    }

    /// A part of the path.
    func text(_ name: String) -> String { context.parameters.get(name) ?? "" }

    /// A parameter of the query; nil when absent or empty.
    func query(_ name: String) -> String? { parameters.optional(name) }

    /// Where a list continues: `?after=…&sort=…`.
    var list: Services.PageRequest { Services.PageRequest(after: query("after"), size: 20, sort: query("sort")) }

    /// The page as an answer.
    func page(_ page: Page, status: HTTPResponse.Status = .ok) -> Response {
        page.response(
            status: status, front: front, path: path, subject: subject, csrf: csrf, demo: front.settings.isDemonstration
        )
    }

    /// On to another page after something was done (303). `done` is said there in a green banner.
    func redirect(_ path: String, done: Done? = nil) -> Response {
        let mark = done.map { (path.contains("?") ? "&" : "?") + "done=" + $0.rawValue } ?? ""
        return Response(status: .seeOther, headers: [.location: path + mark])
    }

    /// The same, with the session's new token: it changes whenever somebody proves who they are.
    func redirect(_ path: String, newToken token: String, done: Done? = nil) -> Response {
        var response = redirect(path, done: done)
        response.headers.append(.init(name: .setCookie, value: SessionCookie.set(token)))
        return response
    }

    /// The answer to an automatic save.
    func autosaved(version: Int) -> Response {
        let time = LondonTime(subject.now).description.split(separator: " ").first.map(String.init) ?? ""
        return Response.json(.object([("version", .int(version)), ("message", .text("Saved at \(time)"))]))
    }

    /// Does what a form asked for. When it is refused for a reason that the person can put right, shows the same page
    /// again with the problems (422), the conflict (409) or the refusal (403), and what was typed.
    func submit(
        _ act: () async throws -> Response, orShow page: (Refusal) async throws -> Page
    ) async throws -> Response {
        do {
            return try await act()
        } catch let refusal as Refusal {
            switch refusal.kind {
            case .invalid, .conflict, .stale, .forbidden, .keyReused:
                if isAutosave { throw refusal }
                let status: HTTPResponse.Status = refusal.kind == .stale ? .conflict : refusal.kind.status
                return self.page(try await page(refusal).saying(refusal), status: status)
            default: throw refusal
            }
        }
    }
}

/// What a green banner can say after a redirect. Codes travel in the address, never words.
struct Done: Hashable, Sendable, RawRepresentable {
    let rawValue: String
    init(rawValue: String) { self.rawValue = rawValue }
}

/// Tokens that prove that a form came from a page of ours.
enum CSRF {
    /// Bound to a session: nobody who cannot read the session's cookie can make it.
    static func token(session: String) -> String { Digest.mac(key: session.utf8, "touchstone form") }
    /// Bound to a cookie of its own, before there is a session.
    static func token(form: String, key: [UInt8]) -> String { Digest.mac(key: key, "touchstone sign-in form " + form) }

    /// Whether a browser says that the request came from our own pages. Old browsers say nothing; the token decides then.
    static func isOurs(_ request: Request) -> Bool {
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" { return false }
        guard let origin = request.headers[.origin] else { return true }
        guard let host = request.head.authority else { return false }
        return origin == "http://\(host)" || origin == "https://\(host)"
    }
}

extension Visit {
    /// The green banner for what was just done, if the address says so with one of these codes.
    func banner(_ sentences: [Done: String]) -> Component.NotificationBanner? {
        query("done").flatMap { sentences[Done(rawValue: $0)] }.map { .success($0) }
    }

    /// Links to the first and next page of this list, with its filters kept.
    func pagination(_ next: String?) -> Component.Pagination {
        let kept = parameters.names.filter { $0 != "after" && $0 != "done" }
            .map { "\(URLText.encode($0))=\(URLText.encode(parameters[$0]))" }
        func address(_ more: [String]) -> String {
            let all = (kept + more).joined(separator: "&")
            return all.isEmpty ? path : "\(path)?\(all)"
        }
        return Component.Pagination(
            first: query("after") == nil ? nil : address([]),
            next: next.map { address(["after=\(URLText.encode($0))"]) })
    }

    /// What a refusal says about one field, for the message at its input.
    func problem(_ field: String, in refusal: Refusal?) -> String? {
        refusal?.problems.first { $0.field == field }?.sentence
    }

    /// Refuses a form that could only be refused when it is sent, with the sentence of the permission table. The act itself
    /// is judged by the core, on the facts.
    func offer(_ action: Domain.Action) throws {
        let permission = action.permission
        guard permission.roles.contains(subject.role) || permission.capacities.contains(where: subject.holds) else {
            throw permission.refusal
        }
    }
}
