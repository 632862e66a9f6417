import Domain
import Hummingbird
import Services

/// Organisations with their dated facts.
extension RouteTable {
    static let organisationPages: [Route] = [
        .page("/organisations", "organisationsPage", "Organisations", .organisationList, OrganisationPages.list),
        .page(
            "/organisations/{id}", "organisationPage", "An organisation as at a day", .organisationRead,
            OrganisationPages.show),
    ]
}

enum OrganisationPages {
    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let filter = OrganisationFilter(
            kind: visit.query("kind").flatMap { Organisation.Kind(rawValue: $0) }, search: visit.query("search"),
            activeOnly: visit.query("all") == nil)
        let organisations = try await visit.core.organisations.list(visit.actor, page: visit.list, filter: filter)
        return visit.page(
            Page(
                "Organisations", wide: true,
                [
                    FilterForm(
                        action: "/organisations",
                        content: [
                            HTML(trusted: "<div class=\"app-two\">"),
                            Component.TextInput(
                                name: "search", label: "Name or DfE code", value: visit.query("search")),
                            Component.Select(
                                name: "kind", label: "Kind",
                                choices: Organisation.Kind.allCases.map { .init($0.rawValue, $0.label) },
                                value: visit.query("kind"), blank: "Any"),
                            HTML(trusted: "</div>"),
                            Component.Checkboxes(
                                name: "all", legend: "", choices: [.init("yes", "Also those that no longer exist")],
                                values: visit.query("all").map { [$0] } ?? [], small: true),
                            Component.Button("Filter", style: .secondary),
                        ]),
                    Component.Table(
                        caption: "Organisations",
                        columns: [.init("Name"), .init("Kind"), .init("DfE code"), .init("Region")],
                        rows: organisations.rows.map { row in
                            [
                                Component.Link(row.organisation.name, "/organisations/\(row.organisation.id)"),
                                HTML(text: row.organisation.kind.label), HTML(text: row.organisation.dfeCode ?? ""),
                                HTML(text: row.region ?? ""),
                            ]
                        }, captionHidden: true, empty: "None fits."),
                    visit.pagination(organisations.next),
                ]))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        var problems: [FieldProblem] = []
        var day: Day?
        if let text = visit.query("asAt") {
            day = Day(text)
            if day == nil {
                problems.append(FieldProblem("asAt", "Enter a day as year, month, day, such as 2026-03-31"))
            }
        }
        let id: OrganisationID = try visit.id()
        let detail = try await visit.core.organisations.detail(visit.actor, id, asAt: day)
        let organisation = detail.organisation
        return visit.page(
            Page(
                organisation.name, caption: organisation.kind.label, back: "/organisations", problems: problems,
                [
                    FilterForm(
                        action: "/organisations/\(id)",
                        content: [
                            Component.TextInput(
                                name: "asAt", label: "As at", value: visit.query("asAt") ?? detail.asAt.description,
                                hint: "What was so on this day. Year, month, day.", error: problems.first?.sentence,
                                width: .ten),
                            Component.Button("Show", style: .secondary),
                        ]),
                    Component.SummaryList(
                        [
                            .init("DfE code", organisation.dfeCode),
                            .init("Exists from", organisation.activeFrom?.spoken),
                            .init("Ceased on", organisation.activeTo?.spoken ?? "Still exists"),
                            .init("Other names", detail.otherNames.joined(separator: "\n")),
                        ] + detail.facts.map { .init($0.fact.label, $0.value) }),
                    links("Followed", detail.predecessors, visit), links("Followed by", detail.successors, visit),
                    links("Statistical neighbours, nearest first", detail.neighbours, visit),
                    Component.Table(
                        caption: "Everything that was recorded",
                        columns: [.init("Fact"), .init("Value"), .init("From"), .init("Until"), .init("Source")],
                        rows: detail.history.map {
                            [
                                HTML(text: $0.fact.label), HTML(text: $0.value), HTML(text: $0.validFrom.spoken),
                                HTML(text: $0.validTo?.spoken ?? ""), HTML(text: $0.source),
                            ]
                        }, empty: "Nothing is recorded."),
                ]), status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    private static func links(_ heading: String, _ links: [OrganisationLink], _ visit: Visit) -> any Markup {
        guard !links.isEmpty else { return HTML.empty }
        return HTML.joined([
            Component.Heading(heading, size: .small),
            Component.BulletList(
                links.map {
                    Component.Link($0.name, "/organisations/\($0.id)").html
                        + HTML(text: $0.effectiveOn.map { ", \($0.spoken)" } ?? "")
                }),
        ])
    }
}

extension Organisation.Kind {
    /// As people say it.
    var label: String {
        switch self {
        case .localAuthority: "Local authority"
        case .childrensTrust: "Children’s trust"
        case .charity: "Charity"
        case .company: "Company"
        case .evaluator: "Evaluator"
        case .whatWorks: "What Works centre"
        case .department: "Government department"
        case .combinedAuthority: "Combined authority"
        case .police: "Police"
        case .icb: "Integrated care board"
        case .auditBody: "Audit body"
        }
    }
}

extension OrganisationFact {
    /// As people say it.
    var label: String {
        switch self {
        case .gssCode: "GSS code"
        case .laType: "Type of authority"
        case .region: "Region"
        case .subRegion: "Part of region"
        case .ofstedOverall: "Ofsted, overall"
        case .section114: "Section 114 notice"
        }
    }
}
