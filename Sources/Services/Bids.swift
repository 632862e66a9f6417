public import Domain
import Postgres

/// Bids: drafted in sections, certified by a second person, sealed until the round closes.
public struct Bids: Sendable {
    let platform: Platform

    /// Newest first: an authority's own; for the department and auditors, those whose round has closed; for reviewers,
    /// those that they appraise.
    public func list(_ actor: Actor, page: PageRequest = PageRequest(), filter: BidFilter = BidFilter()) async throws
        -> Page<BidRow>
    {
        let after = try page.keys(2).map { (try Keys.instant($0[0]), try Keys.id($0[1], of: Bid.self)) }
        let (subject, rows) = try await platform.read(
            "bids.list", actor, BidStatements.list(filter, after: after, limit: page.limit).many)
        _ = try Permission.authorise(.bidList, subject: subject)
        return Page(rows, page) { ["\($0.updatedAt)", "\($0.id)"] }
    }

    /// Starts a draft in an open round, for the actor's own authority.
    public func start(_ actor: Actor, _ round: RoundID, title: String, once: IdempotencyKey? = nil) async throws
        -> BidID
    {
        try BidRules.titleProblems(title).mustBeEmpty()
        let id = BidID.fresh()
        return try await platform.write("bids.start", actor, on: .bid(id), once: once) { tx, open in
            let (subject, found, taken) = try tx.pipeline(
                open, RoundStatements.find(round).optional, BidStatements.titleTaken(title, in: round).one)
            let record = try found.orNotFound("round")
            let roundFacts = Permission.Facts.of(record.round(), department: record.department)
            _ = try Permission.authorise(.roundRead, subject: subject, facts: roundFacts)
            let facts = Permission.Facts(
                organisation: subject.organisation, department: record.department, programme: record.programme,
                round: round, published: true)
            let grant = try Permission.authorise(.bidStart, subject: subject, facts: facts)
            let move = try Workflow.move(BidEvent.start, from: nil)
            try BidRules.roundOpen(record.round(), at: subject.now).enforce()
            if taken { throw Self.titleTaken }
            tx.queue(
                BidStatements.insert(id, in: round, of: subject.organisation, by: subject.person, title: title).done)
            tx.queue(
                Record(subject, actor).event("bid.start", on: .bid(id), as: grant.capacity, to: move.state.rawValue))
            return id
        }
    }

    /// Everything a bid's own page shows.
    public func detail(_ actor: Actor, _ id: BidID) async throws -> BidDetail {
        let (
            subject, found, sections, receipt, findings, appraisals, approvals, certifiers, checker, indicators, years,
            award
        ) =
            try await platform.read(
                "bids.detail", actor, BidStatements.find(id).optional, BidSectionStatements.all(id).many,
                BidStatements.receipt(id).optional, EligibilityStatements.findings(id).many,
                AppraisalStatements.rows(ofBid: id).many, ApprovalStatements.rows(ofBid: id).many,
                BidStatements.certifiers(id).many, EligibilityStatements.checker(id).optional,
                BidSectionStatements.indicators.many, BidSectionStatements.years(id).many,
                AwardStatements.id(ofBid: id).optional)
        let record = try found.orNotFound("bid")
        _ = try Permission.authorise(.bidRead, subject: subject, facts: record.facts)
        let isOwn = record.bid.organisation == subject.organisation && subject.role == .localAuthority
        let content = try sections.content()
        return BidDetail(
            bid: record.bid, roundTitle: record.roundTitle, roundReference: record.roundReference,
            roundState: record.roundState, opensAt: record.opensAt, closesAt: record.closesAt,
            organisationName: record.organisationName, lastEditorName: record.lastEditorName, reason: record.reason,
            sections: isOwn ? Self.statuses(sections, content, record.needs(indicators, years)) : [],
            allowed: Self.allowed(record, subject, checker: checker), findings: findings, receipt: receipt,
            appraisals: isOwn ? [] : appraisals, approvals: isOwn ? [] : approvals,
            certifiers: certifiers, contentVisible: true, award: award)
    }

    /// One section, for its page.
    public func section(_ actor: Actor, _ id: BidID, _ section: BidSection) async throws -> SectionView {
        let (subject, found, sections, submitted, indicators, years) = try await platform.read(
            "bids.section", actor, BidStatements.find(id).optional, BidSectionStatements.all(id).many,
            BidSectionStatements.submitted(id).optional, BidSectionStatements.indicators.many,
            BidSectionStatements.years(id).many)
        let record = try found.orNotFound("bid")
        _ = try Permission.authorise(.bidRead, subject: subject, facts: record.facts)
        let isOwn = subject.role == .localAuthority
        guard isOwn || subject.readableSections.contains(section) else { throw Refusal.notFound("section") }
        let drafting = isOwn && record.bid.state.isDraft
        let saved = sections.first { $0.section == section }
        let whole = drafting ? try sections.content() : try subject.readable(submitted: submitted, sections: sections)
        let editable =
            drafting && record.bid.state == .draft
            && Permission.allows(.bidEdit, subject: subject, facts: record.facts)
        return SectionView(
            bid: record.bid, organisationName: record.organisationName, roundTitle: record.roundTitle,
            closesAt: record.closesAt, section: section, content: whole.limited(to: [section]),
            version: isOwn ? saved?.version ?? 0 : 0, editedBy: isOwn ? saved?.editedBy : nil,
            editedAt: isOwn ? saved?.editedAt : nil,
            problems: drafting ? whole.problems(in: section, for: record.needs(indicators, years)) : [],
            editable: editable, indicators: section == .outcomes ? indicators : [],
            years: section == .costs ? years : [])
    }

    /// The whole bid: the draft for its own authority, what was submitted for everybody else.
    public func content(_ actor: Actor, _ id: BidID) async throws -> BidContentView {
        let (subject, found, sections, submitted, indicators, years) = try await platform.read(
            "bids.content", actor, BidStatements.find(id).optional, BidSectionStatements.all(id).many,
            BidSectionStatements.submitted(id).optional, BidSectionStatements.indicators.many,
            BidSectionStatements.years(id).many)
        let record = try found.orNotFound("bid")
        _ = try Permission.authorise(.bidRead, subject: subject, facts: record.facts)
        let drafting = subject.role == .localAuthority && record.bid.state.isDraft
        let whole = drafting ? try sections.content() : try subject.readable(submitted: submitted, sections: sections)
        return BidContentView(
            bid: record.bid, organisationName: record.organisationName, roundTitle: record.roundTitle,
            content: whole, sections: subject.readableSections,
            problems: drafting ? whole.problems(for: record.needs(indicators, years)) : [], isSubmitted: !drafting)
    }

    /// The receipt of the newest submission.
    public func receipt(_ actor: Actor, _ id: BidID) async throws -> Receipt {
        let (subject, found, receipt) = try await platform.read(
            "bids.receipt", actor, BidStatements.find(id).optional, BidStatements.receipt(id).optional)
        let record = try found.orNotFound("bid")
        _ = try Permission.authorise(.bidRead, subject: subject, facts: record.facts)
        return try receipt.orNotFound("receipt")
    }
}

extension Bids {
    static let titleTaken = Refusal.invalid([
        FieldProblem("title", "Your authority has a bid of this title in this round already. Choose another title.")
    ])

    /// Sees the bid, and may do this to it.
    static func authorise(_ action: Action, _ record: BidRecord, _ subject: Subject) throws -> Grant {
        _ = try Permission.authorise(.bidRead, subject: subject, facts: record.facts)
        return try Permission.authorise(action, subject: subject, facts: record.facts)
    }

    private static func statuses(_ sections: [SectionRecord], _ content: BidContent, _ needs: BidNeeds)
        -> [SectionStatus]
    {
        BidSection.allCases.map { section in
            let saved = sections.first { $0.section == section }
            return SectionStatus(
                section: section, version: saved?.version ?? 0,
                status: saved == nil ? .notStarted : content.progress(of: section, for: needs),
                editedBy: saved?.editedBy,
                editedAt: saved?.editedAt)
        }
    }

    /// What a page may offer: what state and permission allow, less what the clock or the person's own part rules out.
    private static func allowed(_ record: BidRecord, _ subject: Subject, checker: PersonID?) -> [BidEvent] {
        offered(BidEvent.self, from: record.bid.state, to: subject, facts: record.facts, as: \.action).filter { event in
            switch event {
            case .sendForCertification, .reopen: record.isOpen(at: subject.now)
            case .submit: record.isOpen(at: subject.now) && record.bid.lastEditor != subject.person
            case .declineCertification: record.bid.lastEditor != subject.person
            case .findIneligible: checker != subject.person
            default: true
            }
        }
    }

    /// Writes one move of a bid, its event and its notices.
    static func recordMove(
        _ tx: borrowing Transaction, _ record: BidRecord, _ move: (state: Bid.State, transition: Transition),
        _ event: BidEvent, _ subject: Subject, _ actor: Actor, _ grant: Grant, reason: String? = nil,
        after: [UInt8]? = nil, detail: [String: String] = [:]
    ) {
        tx.queue(
            Record(subject, actor).event(
                "bid.\(event.rawValue)", on: .bid(record.bid.id), as: grant.capacity, from: record.bid.state.rawValue,
                to: move.state.rawValue, reason: reason, before: record.hash, after: after, detail: detail))
        tx.tell(
            move.transition,
            Outbox(
                "bid.\(event.rawValue)", on: .bid(record.bid.id), subject: "\(record.bid.reference) \(event.headline)",
                body: [
                    "The bid “\(record.bid.title)” (\(record.bid.reference)) by \(record.organisationName) "
                        + "in the round “\(record.roundTitle)” \(event.headline).",
                    reason.map { "Reason: \($0)" },
                ].compactMap(\.self).joined(separator: "\n\n"),
                dedupe: "bid.\(event.rawValue):\(record.bid.id):\(record.bid.version)"))
    }
}

extension Bid.State {
    /// Whether the authority's own text is the draft rather than a submitted version.
    var isDraft: Bool {
        switch self {
        case .draft, .inCertification, .notSubmitted: true
        default: false
        }
    }
}

extension BidEvent {
    /// The permission that the event needs; nil when nobody does it by hand.
    var action: Action? {
        switch self {
        case .start: .bidStart
        case .sendForCertification: .bidSendForCertification
        case .declineCertification: .bidDeclineCertification
        case .submit: .bidSubmit
        case .reopen: .bidReopen
        case .check: .bidCheck
        case .findEligible: .bidFindEligible
        case .findIneligible: .bidFindIneligible
        case .reserve: .bidReserve
        case .decline: .bidDecline
        case .withdraw: .bidWithdraw
        // The worker, the last final appraisal, the approval of the award and its offer do these.
        case .expire, .appraise, .approve, .offer: nil
        }
    }

    /// As a notice says it after the bid's name.
    var headline: String {
        switch self {
        case .start: "was started"
        case .sendForCertification: "is waiting for certification"
        case .declineCertification: "was sent back by its certifier"
        case .submit: "was submitted"
        case .reopen: "was reopened for editing"
        case .expire: "was not submitted in time"
        case .check: "is being checked for eligibility"
        case .findEligible: "was found eligible"
        case .findIneligible: "was found ineligible"
        case .appraise: "has been appraised"
        case .approve: "was approved for an offer"
        case .offer: "was offered an award"
        case .reserve: "is on the reserve list"
        case .decline: "was declined"
        case .withdraw: "was withdrawn"
        }
    }
}
