public import Domain
import Postgres

// What the pages of an award show.

extension Awards {
    /// The whole story of an award, in one flight.
    public func detail(_ actor: Actor, _ id: AwardID) async throws -> AwardDetail {
        let (
            subject, found, version, position, instalments, balance, conditions, departures, versions, variations,
            claims,
            recoveries, bank, evaluator, papers, history
        ) = try await platform.read(
            "awards.detail", actor, AwardStatements.find(id).optional, AgreementStatements.version(id, nil).optional,
            MoneyStatements.position(id).optional, AgreementStatements.standing(id).many,
            MoneyStatements.balance(id).many, AgreementStatements.conditions(id).many,
            AgreementStatements.departures(id).many, AgreementStatements.versions(id).many,
            VariationStatements.rows(ofAward: id).many, ClaimStatements.rows(ofAward: id).many,
            MoneyStatements.recoveries(id).many, BankStatements.standing(of: id).optional,
            AwardStoryStatements.evaluator(of: id).optional, AwardStoryStatements.papers(of: id).many,
            HistoryStatements.of(kind: "award", id: id.rawValue, limit: History.entriesMax).many)
        let record = try found.orNotFound("award")
        let facts = record.facts
        _ = try Permission.authorise(.awardRead, subject: subject, facts: facts)
        let state = record.award.state
        func may(_ action: Action) -> Bool { Permission.allows(action, subject: subject, facts: facts) }
        return AwardDetail(
            award: record.award, title: record.title, bidReference: record.bidReference,
            organisationName: record.organisationName, programmeTitle: record.programmeTitle,
            agreement: try version?.agreement, agreementHash: record.hash.map(Hex.text),
            position: position
                ?? Ledger.Position(promised: record.award.amount, claimed: .zero, approved: .zero, paid: .zero),
            instalments: instalments, balance: balance, conditions: conditions, departures: departures,
            versions: versions, variations: variations, claims: claims, recoveries: recoveries, bank: bank,
            acceptBy: record.acceptBy, ggisReference: record.ggisReference,
            evaluatorName: evaluator ?? record.evaluatorName,
            evaluatorDueOn: record.evaluatorDueOn, protocolDueOn: record.protocolDueOn, reason: record.reason,
            respondBy: record.respondBy, isDeclaredComplete: record.isDeclaredComplete,
            isReconciled: record.reconciler != nil, allowed: Self.allowed(record, subject),
            claimable: state.takesClaims && may(.claimStart)
                ? instalments.filter { $0.claim == nil }.map(\.position) : [],
            mayVary: state.isRunning && may(.variationDraft), mayEnterBank: state.isOffered && may(.bankEnter),
            mayVerifyBank: bank != nil && may(.bankVerify) && bank?.enteredBy != subject.person,
            mayFindConditions: !conditions.isEmpty && may(.awardFindCondition),
            mayApproveDepartures: state.isDraft && may(.awardApproveDeparture)
                && record.award.drafter != subject.person,
            mayUnmask: bank != nil && may(.bankUnmask), mayReceive: may(.recoveryReceive), papers: papers,
            history: history)
    }

    /// An agreement to be read, checked and printed: one version, or with `number` nil the newest; a draft where there is
    /// none that counts yet.
    public func agreement(_ actor: Actor, _ id: AwardID, number: Int? = nil) async throws -> AgreementView {
        let (subject, found, row, version, versions, departures, years, indicators, retention) =
            try await platform.read(
                "awards.agreement", actor, AwardStatements.find(id).optional, AwardStatements.row(of: id).optional,
                AgreementStatements.version(id, number).optional, AgreementStatements.versions(id).many,
                AgreementStatements.departures(id).many, AgreementStatements.years(id).many,
                BidSectionStatements.indicators.many, ApprovalStatements.setting("retention_percent").optional)
        let record = try found.orNotFound("award")
        _ = try Permission.authorise(.awardRead, subject: subject, facts: record.facts)
        let drafting = record.award.state.isDraft && number == nil
        if number != nil, version == nil { throw Refusal.notFound("version of the agreement") }
        let content = drafting ? try Self.drafted(record, departures) : try version.orNotFound("agreement").agreement
        let shown = drafting ? 0 : version?.number ?? 0
        return AgreementView(
            award: row ?? record.row, number: shown, content: content,
            document: content.document(record.parties(drafting ? record.agreementNumber + 1 : shown, indicators)),
            hash: drafting ? nil : version.map { Hex.text($0.hash) }, signedText: drafting ? nil : version?.signedText,
            versions: versions,
            problems: drafting
                ? AgreementRules.problems(
                    content,
                    for: Self.needs(record, years, indicators, retention: retention, today: subject.now.londonDay))
                : [],
            years: years, indicators: drafting ? indicators : [], departures: departures,
            editable: drafting && Permission.allows(.awardEdit, subject: subject, facts: record.facts))
    }

    /// What a page may offer, less what the person's own part rules out.
    private static func allowed(_ record: AwardRecord, _ subject: Subject) -> [AwardEvent] {
        offered(AwardEvent.self, from: record.award.state, to: subject, facts: record.facts, as: \.action).filter {
            switch $0 {
            case .qualityCheck: record.award.drafter != subject.person && record.creator != subject.person
            case .declareComplete: !record.isDeclaredComplete
            case .complete: record.isDeclaredComplete
            case .reconcile: record.reconciler == nil
            case .close: record.reconciler != nil && record.reconciler != subject.person
            default: true
            }
        }
    }

    // MARK: For everybody

    /// What was funded, newest first; no sign-in is needed.
    public func published(page: PageRequest = PageRequest()) async throws -> Page<PublishedAward> {
        let after = try page.keys(1)?.first
        let rows = try await platform.open(
            "awards.published", PublishedStatements.awards(after: after, limit: page.limit).many)
        return Page(rows, page) { [$0.reference] }
    }

    /// One award as everybody may see it, with what its evaluation promised and found.
    public func published(_ reference: String) async throws -> PublishedAwardStory {
        let (award, protocols, reports) = try await platform.open(
            "awards.published_one", PublishedStatements.award(reference).optional,
            PublishedEvaluationStatements.protocols(of: reference, limit: Self.papersMax).many,
            PublishedEvaluationStatements.reports(of: reference, limit: Self.papersMax).many)
        return PublishedAwardStory(award: try award.orNotFound("award"), protocols: protocols, reports: reports)
    }

    /// The most papers of one award that are listed; no award comes near it.
    private static let papersMax = 100
}
