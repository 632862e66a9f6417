public import Domain
import FoundationEssentials
import Postgres

/// Monitoring returns: what awards report, period by period.
public struct Returns: Sendable {
    let platform: Platform

    /// Returns that the actor may see, by due date, the latest first.
    public func list(_ actor: Actor, page: PageRequest = PageRequest(), filter: ReturnFilter = ReturnFilter())
        async throws
        -> Page<ReturnRow>
    {
        let after = try page.keys(2).map { (try Keys.day($0[0]), try Keys.id($0[1], of: MonitoringReturn.self)) }
        let (subject, rows) = try await platform.read(
            "returns.list", actor, ReturnStatements.list(filter, after: after, limit: page.limit).many)
        _ = try Permission.authorise(.returnList, subject: subject)
        return Page(rows.map(\.row), page) { ["\($0.due)", "\($0.id)"] }
    }

    /// Everything that its own page shows, in one flight.
    public func detail(_ actor: Actor, _ id: MonitoringReturnID) async throws -> ReturnDetail {
        let (
            subject, found, sections, version, versions, rulings, comments, restatements, indicators, rules, last,
            certifiers
        ) = try await platform.read(
            "returns.detail", actor, ReturnStatements.find(id).optional, ReturnStatements.sections(id).many,
            ReturnStatements.version(id).optional, ReturnStatements.versions(id).many,
            ReturnStatements.rulings(id).many,
            ReturnStatements.comments(id).many, ReturnStatements.restatements(id).many,
            ReturnStatements.indicators(id).many,
            ReturnStatements.rules.many, ReturnStatements.last(id).many, ReturnStatements.certifiers(id).many)
        let record = try found.orNotFound("monitoring return")
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.returnRead, subject: subject, facts: facts)
        let isOwn = subject.role == .localAuthority
        let drafts = isOwn && record.isDraft
        let content = drafts ? try sections.content() : try version.map { try JSON.value($0.json) } ?? ReturnContent()
        let needs = record.needs(indicators, rules, last)
        return ReturnDetail(
            subject: record.subject, row: record.row, programmeTitle: record.programmeTitle, reason: record.reason,
            changesDue: record.changesDue, sections: isOwn ? Self.statuses(sections, content, needs) : [],
            findings: drafts || record.subject.contentVersion > 0 ? content.findings(needs) : [],
            allowed: Self.allowed(record, subject),
            editable: isOwn && record.subject.state.isEditable
                && Permission.allows(.returnEdit, subject: subject, facts: facts),
            versions: versions, rulings: rulings, comments: comments, restatements: restatements,
            certifiers: isOwn ? certifiers : [])
    }

    /// One section, for its page: what was typed, with the last period, neighbours and England beside each value.
    public func section(_ actor: Actor, _ id: MonitoringReturnID, _ section: ReturnSection) async throws
        -> ReturnSectionView
    {
        let (subject, found, sections, version, indicators, rules, last, comparisons, comments) =
            try await platform.read(
                "returns.section", actor, ReturnStatements.find(id).optional, ReturnStatements.sections(id).many,
                ReturnStatements.version(id).optional, ReturnStatements.indicators(id).many,
                ReturnStatements.rules.many,
                ReturnStatements.last(id).many,
                (section == .outcomes ? ReturnStatements.comparisons(id) : ReturnStatements.noComparisons).many,
                ReturnStatements.comments(id).many)
        let record = try found.orNotFound("monitoring return")
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.returnRead, subject: subject, facts: facts)
        let isOwn = subject.role == .localAuthority
        let drafts = isOwn && record.isDraft
        guard drafts || version != nil else { throw Refusal.notFound("section") }
        let content = drafts ? try sections.content() : try version.map { try JSON.value($0.json) } ?? ReturnContent()
        let saved = sections.first { $0.section == section }
        let needs = record.needs(indicators, rules, last)
        return ReturnSectionView(
            subject: record.subject, organisationName: record.organisationName, section: section, content: content,
            version: isOwn ? saved?.version ?? 0 : 0, editedBy: isOwn ? saved?.editedBy : nil,
            editedAt: isOwn ? saved?.editedAt : nil,
            editable: isOwn && record.subject.state.isEditable
                && Permission.allows(.returnEdit, subject: subject, facts: facts),
            indicators: indicators,
            comparisons: comparisons.map { $0.with(last: needs.last?.values[$0.code]) }, last: needs.last,
            findings: content.findings(in: section, needs),
            comments: comments.filter { $0.field.hasPrefix("\(section.rawValue).") })
    }

    /// The whole return: the draft for its own authority, else the newest certified version, one by number, or the
    /// one that was accepted at a moment.
    public func content(_ actor: Actor, _ id: MonitoringReturnID, number: Int? = nil, asAt: Instant? = nil) async throws
        -> ReturnContentView
    {
        let (subject, found, sections, version, indicators, rules, last) = try await platform.read(
            "returns.content", actor, ReturnStatements.find(id).optional, ReturnStatements.sections(id).many,
            asAt.map { ReturnStatements.acceptedVersion(id, at: $0) }?.optional
                ?? ReturnStatements.version(id, number).optional,
            ReturnStatements.indicators(id).many, ReturnStatements.rules.many, ReturnStatements.last(id).many)
        let record = try found.orNotFound("monitoring return")
        _ = try Permission.authorise(.returnRead, subject: subject, facts: record.facts(for: subject))
        let drafts = subject.role == .localAuthority && record.isDraft && number == nil && asAt == nil
        let content: ReturnContent
        if drafts {
            content = try sections.content()
        } else {
            content = try JSON.value(try version.orNotFound("version of this return").json)
        }
        return ReturnContentView(
            subject: record.subject, row: record.row, content: content, indicators: indicators,
            number: drafts ? 0 : version?.number ?? 0, findings: content.findings(record.needs(indicators, rules, last))
        )
    }

    /// Accepted numerators of one indicator by authority and period, as they may be passed on: small counts withheld,
    /// and what protects them. Those who are of no case see no totals.
    public func table(_ actor: Actor, _ code: String) async throws -> ReturnTable {
        let (subject, definitions, seen, released, threshold) = try await platform.read(
            "returns.table", actor, StatisticStatements.definitions(code).many,
            ReturnWritingStatements.counts(code).many,
            ReturnWritingStatements.releasedCounts(code).many, StatisticStatements.threshold(code).optional)
        _ = try Permission.authorise(.returnList, subject: subject)
        guard let definition = definitions.first else { throw Refusal.notFound("indicator") }
        return ReturnTable(definition, seen.isEmpty ? released : seen, isFull: !seen.isEmpty, threshold: threshold ?? 5)
    }
}

extension Returns {
    /// Sees the return, and may do this to it.
    static func authorise(_ action: Action, _ record: ReturnRecord, _ subject: Subject) throws -> Grant {
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.returnRead, subject: subject, facts: facts)
        return try Permission.authorise(action, subject: subject, facts: facts)
    }

    private static func statuses(
        _ sections: [ReturnSectionRecord], _ content: ReturnContent, _ needs: ReturnNeeds
    ) -> [ReturnSectionStatus] {
        ReturnSection.allCases.map { section in
            let saved = sections.first { $0.section == section }
            return ReturnSectionStatus(
                section: section, version: saved?.version ?? 0,
                status: saved == nil ? .notStarted : content.progress(of: section, needs), editedBy: saved?.editedBy,
                editedAt: saved?.editedAt)
        }
    }

    /// What a page may offer: what state and permission allow, less what the clock or the person's own part rules out.
    private static func allowed(_ record: ReturnRecord, _ subject: Subject) -> [MonitoringReturnEvent] {
        offered(
            MonitoringReturnEvent.self, from: record.subject.state, to: subject, facts: record.facts(for: subject),
            as: \.action
        ).filter { event in
            switch event {
            case .submit:
                record.subject.lastEditor != subject.person && record.subject.to <= subject.now.londonDay
            case .declineCertification: record.subject.lastEditor != subject.person
            default: true
            }
        }
    }

    /// Writes one move of a return, its event and its notices.
    static func recordMove(
        _ tx: borrowing Transaction, _ record: ReturnRecord,
        _ move: (state: MonitoringReturn.State, transition: Transition),
        _ event: MonitoringReturnEvent, _ subject: Subject, _ actor: Actor, _ grant: Grant, reason: String? = nil,
        after: [UInt8]? = nil, detail: [String: String] = [:]
    ) {
        let about = record.subject
        tx.queue(
            Record(subject, actor).event(
                "monitoring_return.\(event.rawValue)", on: .monitoringReturn(about.id), as: grant.capacity,
                from: about.state.rawValue,
                to: move.state.rawValue, reason: reason, before: record.hash, after: after, detail: detail))
        tx.tell(
            move.transition,
            Outbox(
                "monitoring_return.\(event.rawValue)", on: .monitoringReturn(about.id),
                subject: "\(about.reference) \(event.headline)",
                body: [
                    "The monitoring return \(about.reference) of \(record.organisationName) for \(about.period) \(event.headline).",
                    reason.map { "Reason: \($0)" },
                ].compactMap(\.self).joined(separator: "\n\n"),
                dedupe: "monitoring_return.\(event.rawValue):\(about.id):\(about.version)"))
    }
}

extension ReturnRecord {
    /// Whether the authority's own text is a draft rather than a certified version.
    var isDraft: Bool {
        switch subject.state {
        case .open, .inProgress, .inCertification, .changesRequested, .reopened: true
        case .scheduled, .submitted, .underReview, .accepted, .acceptedWithIssues, .waived: false
        }
    }

    /// What its content is held against.
    func needs(_ indicators: [ReturnIndicator], _ rules: [ReturnRule], _ last: [ReturnStatements.LastFigure])
        -> ReturnNeeds
    {
        let before = last.first.map { first in
            ReturnNeeds.Last(
                period: "\(first.from.spoken) to \(first.to.spoken)",
                values: last.reduce(into: [:]) { values, row in
                    if let code = row.code, let value = row.value { values[code] = value }
                }, spendToDate: first.spendToDate)
        }
        return ReturnNeeds(
            indicators: indicators, rules: rules, period: subject.period, award: awardAmount, last: before)
    }
}

extension ReturnComparison {
    func with(last: ExactDecimal?) -> ReturnComparison {
        ReturnComparison(
            code: code, last: last?.description, period: period, own: own, england: england, neighbours: neighbours,
            neighbourCount: neighbourCount)
    }
}

extension MonitoringReturnEvent {
    /// The permission that the event needs; nil when nobody does it by hand.
    var action: Action? {
        switch self {
        case .begin, .resume: .returnEdit
        case .sendForCertification: .returnSendForCertification
        case .declineCertification: .returnDeclineCertification
        case .submit: .returnSubmit
        case .beginReview: .returnBeginReview
        case .requestChanges: .returnRequestChanges
        case .accept, .acceptWithIssues: .returnAccept
        case .reopen: .returnReopen
        case .waive: .returnWaive
        // The award's activation and the clock do these.
        case .plan, .open: nil
        }
    }

    /// As a notice says it after the return's reference.
    var headline: String {
        switch self {
        case .plan: "was planned"
        case .open: "is open"
        case .begin: "was begun"
        case .sendForCertification: "is waiting for certification"
        case .declineCertification: "was sent back by its certifier"
        case .submit: "was submitted"
        case .beginReview: "is being reviewed"
        case .requestChanges: "needs changes"
        case .accept: "was accepted"
        case .acceptWithIssues: "was accepted with issues"
        case .resume: "is being changed"
        case .reopen: "was reopened"
        case .waive: "was waived"
        }
    }
}
