import Domain
import Hummingbird

/// A page as data: what its title says, where it stands, what is wrong with it, and its parts in order. `Visit.page`
/// puts it in the layout.
struct Page: Sendable {
    /// The title of the window, and the heading unless `heading` says otherwise.
    var title: String
    /// The first-level heading; nil when a part of the page is the heading (`isHeading: true`, a panel).
    var heading: String?
    /// Small, above the heading: `Bid BID-2026-0042`.
    var caption: String?
    /// Link "Back".
    var back: String?
    /// The way down to this page.
    var breadcrumbs: [Component.Link] = []
    /// What is wrong with which field; shown as the error summary, which links to the inputs with these ids.
    var problems: [FieldProblem] = []
    /// Shown above the heading.
    var banner: Component.NotificationBanner?
    /// Uses the whole width: for tables and wide lists.
    var wide = false
    /// The parts.
    var content: [any Markup]

    /// A page with its heading.
    init(
        _ title: String, caption: String? = nil, back: String? = nil, breadcrumbs: [Component.Link] = [],
        problems: [FieldProblem] = [], banner: Component.NotificationBanner? = nil, wide: Bool = false,
        heading: Bool = true, _ content: [any Markup]
    ) {
        self.title = title
        self.heading = heading ? title : nil
        self.caption = caption
        self.back = back
        self.breadcrumbs = breadcrumbs
        self.problems = problems
        self.banner = banner
        self.wide = wide
        self.content = content
    }

    /// The same page with a refusal said at its head: field by field, or as one sentence.
    func saying(_ refusal: Refusal) -> Page {
        var page = self
        let said = Set(problems)
        page.problems += refusal.problems.filter { !said.contains($0) }
        if refusal.problems.isEmpty { page.problems.append(FieldProblem("", refusal.sentence)) }
        return page
    }

    /// The whole document.
    func document(front: Front, path: String, subject: Subject?, csrf: String, demo: Bool = false) -> HTML {
        let parts = HTML.joined(content)
        let summary =
            problems.isEmpty
            ? HTML.empty : Component.ErrorSummary(problems: ErrorLinks.resolve(problems, in: parts)).html
        var before: [any Markup] = []
        if !breadcrumbs.isEmpty { before.append(Component.Breadcrumbs(links: breadcrumbs)) }
        if let back { before.append(Component.BackLink(href: back)) }
        let items = Navigation.items(for: subject, demo: demo).map { item -> Fields in
            ["text": .text(item.text), "href": .text(item.href), "active": .flag(item.covers(path))]
        }
        return Templates.render(
            "layout",
            [
                "title": .text(title), "heading": .text(heading), "caption": .text(caption),
                "error": .flag(!problems.isEmpty), "service": .text(front.settings.serviceName),
                "assets": .text(front.assetsPath), "frontend": .flag(front.assets.hasFrontend),
                "hasNavigation": .flag(!items.isEmpty), "many": .flag(items.count > 7), "navigation": .rows(items),
                "person": .text(subject?.name), "organisation": .text(subject?.organisationName), "csrf": .text(csrf),
                "phase": .text(front.settings.isDemonstration ? "Demonstration" : nil),
                "phaseText": "Nothing here is real: people, bids and decisions are made up.",
                "beforeHTML": .parts(before), "summaryHTML": .markup(summary),
                "bannerHTML": .markup(banner?.html ?? .empty), "wide": .flag(wide), "contentHTML": .markup(parts),
            ])
    }

    /// As an answer.
    func response(
        status: HTTPResponse.Status, front: Front, path: String, subject: Subject?, csrf: String, demo: Bool = false
    ) -> Response {
        .html(document(front: front, path: path, subject: subject, csrf: csrf, demo: demo), status: status)
    }
}

/// A form that changes something. Carries the proof that it is ours, and what it was made from.
struct PostForm: Markup {
    let action: String
    let csrf: String
    let content: [any Markup]
    /// The version that the page shows; comes back as `form.version`.
    var version: Int?
    /// For forms that create something or decide: a double submit is done once. Comes back as `visit.once`.
    var once: String?
    var hidden: [(String, String)] = []
    /// Saves itself while one types.
    var autosave = false
    /// Sends files along.
    var takesFiles = false

    var html: HTML {
        Templates.render(
            "app-form",
            [
                "action": .text(action), "csrf": .text(csrf), "version": .text(version.map(String.init)),
                "once": .text(once), "autosave": .flag(autosave), "takesFiles": .flag(takesFiles),
                "contentHTML": .parts(content),
                "hidden": .rows(hidden.map { ["name": .text($0.0), "value": .text($0.1)] }),
            ])
    }
}

/// A form that filters a list: by the address, so that the result can be bookmarked.
struct FilterForm: Markup {
    let action: String
    let content: [any Markup]
    var html: HTML { Templates.render("app-filter", ["action": .text(action), "contentHTML": .parts(content)]) }
}

/// The menu: where one can go. What one may do there is for the core to say.
enum Navigation {
    struct Item: Sendable {
        let text: String
        let href: String
        func covers(_ path: String) -> Bool { href == "/" ? path == "/" : path == href || path.hasPrefix(href + "/") }
    }

    /// What the permission table lets somebody look at.
    static func items(for subject: Subject?, demo: Bool) -> [Item] {
        guard let subject else { return [Item(text: "Sign in", href: "/sign-in")] }
        let places: [(Domain.Action, String, String)] = [
            (.programmeList, "Programmes", "/programmes"), (.roundList, "Rounds", "/rounds"),
            (.bidList, "Bids", "/bids"),
            (.appraisalList, "Appraisals", "/appraisals"), (.approvalList, "Approvals", "/approvals"),
            (.awardList, "Awards", "/awards"), (.claimList, "Claims", "/claims"),
            (.paymentBatchList, "Payments", "/payments"),
            (.returnList, "Returns", "/returns"), (.evaluationList, "Evaluations", "/evaluations"),
            (.reviewList, "Reviews", "/reviews"),
            (.practiceList, "Practices", "/practices"), (.adoptionDecisionList, "Roll-out", "/roll-out-decisions"),
            (.capacityAssessmentList, "Capacity", "/capacity-assessments"),
            (.followUpList, "Follow-ups", "/follow-ups"),
            (.peopleList, "People", "/people"), (.delegationList, "Delegations", "/delegations"),
            (.organisationList, "Organisations", "/organisations"), (.reportRead, "Reports", "/reports"),
        ]
        return [Item(text: "Home", href: "/")]
            + places.filter { Permission.allows($0.0, subject: subject) }.map { Item(text: $0.1, href: $0.2) }
    }
}
