import Domain
import Services

/// The later chapters of an award's page.
enum AwardStoryParts {
    static func variations(_ detail: AwardDetail, _ back: String) -> [any Markup] {
        guard !detail.variations.isEmpty else { return [] }
        return [
            Component.Heading("Variations"),
            Component.Table(
                caption: "Variations",
                columns: [.init("Variation"), .init("What"), .init("Where it stands"), .init("Decide by")],
                rows: detail.variations.map { row -> [any Markup] in
                    let more = row.kind == .moneyUp ? row.increase.map { ": \($0)" } ?? "" : ""
                    let late = row.isRetrospective ? ", for something that has happened already" : ""
                    return [
                        Component.Link(row.reference, "/variations/\(row.id)"),
                        HTML(text: Words.label(row.kind) + more + late), Words.tag(row.state),
                        HTML(text: row.decideBy?.spoken ?? ""),
                    ]
                }, captionHidden: true, firstCellIsHeader: true),
        ]
    }

    static func claims(_ detail: AwardDetail) -> [any Markup] {
        guard !detail.claims.isEmpty else { return [] }
        return [Component.Heading("Claims"), ClaimPages.table(detail.claims, caption: "Claims", captionHidden: true)]
    }

    /// What was learnt: protocol, reports, returns, practices, decisions, follow-ups.
    static func papers(_ detail: AwardDetail) -> [any Markup] {
        guard !detail.papers.isEmpty else { return [] }
        return [
            Component.Heading("Evaluation, returns and what came of them"),
            Component.Table(
                caption: "Evaluation, returns and what came of them",
                columns: [.init("What"), .init("About"), .init("Where it stands")],
                rows: detail.papers.map { paper -> [any Markup] in
                    let machine = Machine(rawValue: paper.object.kind)
                    return [
                        ObjectPath.of(paper.object).map { Component.Link(paper.reference, $0) as any Markup }
                            ?? HTML(text: paper.reference),
                        HTML(text: paper.title),
                        machine.map { Words.state($0, paper.state) } ?? HTML(text: paper.state),
                    ]
                }, captionHidden: true, firstCellIsHeader: true),
            FundParts.link("From the award to its outcomes, and back", "/chain/award/\(detail.award.id)"),
        ]
    }

    static func recoveries(_ visit: Visit, _ detail: AwardDetail) -> [any Markup] {
        guard !detail.recoveries.isEmpty else { return [] }
        var parts: [any Markup] = [
            Component.Heading("Money due back"),
            Component.Table(
                caption: "Money due back",
                columns: [.init("Why"), .init("Amount", numeric: true), .init("Due"), .init("Came back")],
                rows: detail.recoveries.map { row in
                    Words.cells([
                        row.reason, row.amount.description, row.dueOn.spoken, row.receivedOn?.spoken ?? "Not yet",
                    ])
                }, captionHidden: true, firstCellIsHeader: true),
        ]
        let open = detail.recoveries.filter { $0.receivedOn == nil }
        if detail.mayReceive, !open.isEmpty {
            parts.append(
                FundParts.link("Record that money came back", "/awards/\(detail.award.id)/recoveries"))
        }
        return parts
    }

    static func history(_ visit: Visit, _ detail: AwardDetail) -> [any Markup] {
        [
            events(.award, detail.history),
            FundParts.history(visit, .award, detail.award.id),
        ]
    }

    /// What happened to a thing, as a table.
    static func events(_ machine: Machine, _ history: [HistoryEntry]) -> any Markup {
        Component.Table(
            caption: "What happened", columns: [.init("When"), .init("Who"), .init("What"), .init("Reason")],
            rows: history.map { entry in
                Words.cells([
                    Deadline.second(entry.at), entry.personName ?? "Somebody on the other side, or the system",
                    Words.event(machine, entry.event), entry.reason,
                ])
            }, empty: "Nothing yet.")
    }
}
