import Domain
import Services

/// What became of a practice: awards it was part of, decisions on it, who took it up, how the word was spread.
enum PracticeStory {
    static func parts(_ visit: Visit, _ detail: PracticeDetail) -> [any Markup] {
        adoption(detail) + decisions(detail) + awards(visit, detail) + activities(visit, detail)
    }

    private static func adoption(_ detail: PracticeDetail) -> [any Markup] {
        [
            Component.Table(
                caption: "Who took it up",
                columns: [
                    .init("Step"), .init("Authorities that say so", numeric: true),
                    .init("Verified by others", numeric: true),
                ],
                rows: detail.adoptions.map {
                    [Words.tag($0.state), HTML(text: "\($0.declared)"), HTML(text: "\($0.verified)")]
                }, empty: "No authority has taken it up yet."),
            FundParts.link("The register of adoptions of this practice", "/adoptions?practice=\(detail.practice.id)"),
        ]
    }

    private static func decisions(_ detail: PracticeDetail) -> [any Markup] {
        [
            RollOutPages.table(detail.decisions, caption: "Roll-out decisions")
        ]
    }

    private static func awards(_ visit: Visit, _ detail: PracticeDetail) -> [any Markup] {
        let path = "/practices/\(detail.practice.id)/awards"
        var parts: [any Markup] = [
            Component.Table(
                caption: "Awards that it was part of",
                columns: [.init("Award"), .init("Part"), .init("Change", hidden: true)],
                rows: detail.awards.map { award -> [any Markup] in
                    let title = award.title ?? "An award that is not shown to you"
                    let name: any Markup =
                        award.award.map { Component.Link(title, "/awards/\($0)") } ?? HTML(text: title)
                    let end: any Markup =
                        detail.mayLink
                        ? PostForm(
                            action: "\(path)/end", csrf: visit.csrf,
                            content: [Component.Button("End the link to \(title)", style: .secondary)],
                            hidden: [("bid", "\(award.bid)")])
                        : HTML.empty
                    return [name, HTML(text: award.part.label), end]
                }, empty: "No award is linked yet.")
        ]
        if detail.mayLink {
            let ask = Questions(visit.form)
            parts.append(
                Component.Details(
                    summary: "Link an award",
                    parts: [
                        PostForm(
                            action: path, csrf: visit.csrf,
                            content: [
                                ask.select(
                                    "bid", "Award", detail.linkable.map { Component.Choice("\($0.bid)", $0.title) }),
                                ask.radios("part", "Part", Options.of(Practice.Part.self) { $0.label }),
                                Component.Button("Link", style: .secondary),
                            ])
                    ]))
        }
        return parts
    }

    private static func activities(_ visit: Visit, _ detail: PracticeDetail) -> [any Markup] {
        var parts: [any Markup] = [
            Component.Table(
                caption: "What was done to spread the word",
                columns: [
                    .init("Activity"), .init("When"), .init("Took part", numeric: true),
                    .init("Authorities", numeric: true),
                    .init("Cost", numeric: true), .init("Use it, of those asked", numeric: true),
                ],
                rows: detail.activities.map { activity -> [any Markup] in
                    let when = activity.deliveredOn.map(\.spoken) ?? "Planned for \(activity.plannedOn.spoken)"
                    let use = activity.surveyed.map { "\(activity.usingIt ?? 0) of \($0)" }
                    return [
                        HTML(text: "\(activity.kind.label): \(activity.title)"), HTML(text: when),
                        HTML(text: activity.attendance.map { "\($0)" } ?? "–"), HTML(text: "\(activity.authorities)"),
                        HTML(text: activity.cost?.description ?? "–"), HTML(text: use ?? "–"),
                    ]
                }, firstCellIsHeader: true, empty: "Nothing is recorded yet.")
        ]
        guard detail.mayRecord else { return parts }
        let ask = Questions(visit.form)
        let path = "/practices/\(detail.practice.id)/activities"
        parts.append(
            Component.Details(
                summary: "Plan an activity",
                parts: [
                    PostForm(
                        action: path, csrf: visit.csrf,
                        content: [
                            ask.radios("kind", "What is it?", Options.of(DisseminationActivity.Kind.self) { $0.label }),
                            ask.text("title", "Title"), ask.date("plannedOn", "Planned for"),
                            Component.Button("Plan it", style: .secondary),
                        ], once: Tokens.fresh())
                ]))
        let open = detail.activities.filter { $0.deliveredOn == nil }
        if !open.isEmpty {
            parts.append(
                Component.Details(
                    summary: "Record that it was done",
                    parts: [
                        PostForm(
                            action: "\(path)/delivery", csrf: visit.csrf,
                            content: [
                                ask.select("activity", "Activity", open.map { Component.Choice("\($0.id)", $0.title) }),
                                ask.date("deliveredOn", "When it was done"),
                                ask.number("attendance", "How many took part"),
                                ask.money("cost", "What it cost"), Component.Button("Record it", style: .secondary),
                            ])
                    ]))
        }
        return parts
    }
}
