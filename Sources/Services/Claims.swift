public import Domain
import Postgres

/// Claims: drafted line by line, certified by a second person, checked by sample, paid once.
public struct Claims: Sendable {
    let platform: Platform

    /// Newest first: an authority's own; the department's and auditors' once they are submitted.
    public func list(_ actor: Actor, page: PageRequest = PageRequest(), filter: ClaimFilter = ClaimFilter())
        async throws
        -> Page<ClaimRow>
    {
        let after = try page.keys(2).map { (try Keys.instant($0[0]), try Keys.id($0[1], of: Claim.self)) }
        let (subject, rows) = try await platform.read(
            "claims.list", actor, ClaimStatements.list(filter, after: after, limit: page.limit).many)
        _ = try Permission.authorise(.claimList, subject: subject)
        return Page(rows, page) { ["\($0.updatedAt)", "\($0.id)"] }
    }

    /// Everything that a claim's page shows, in one flight.
    public func detail(_ actor: Actor, _ id: ClaimID) async throws -> ClaimDetail {
        let (
            subject, found, foundAward, lines, others, instalments, agreement, accepted, conditions, bank,
            payments,
            ledger, tolerance, history
        ) = try await platform.read(
            "claims.detail", actor, ClaimStatements.find(id).optional, AwardStatements.find(of: id).optional,
            ClaimStatements.lines(id).many, ClaimStatements.others(of: id).many,
            AgreementStatements.standing(of: id).many, AgreementStatements.version(of: id).optional,
            ClaimStatements.returnAccepted(id).optional,
            AgreementStatements.conditions(of: id).many, BankStatements.standing(of: id).optional,
            PaymentStatements.payments(of: id).many, MoneyStatements.ledger(of: id).many,
            MoneyStatements.setting("award_year_tolerance_percent").optional,
            HistoryStatements.of(kind: "claim", id: id.rawValue, limit: History.entriesMax).many)
        let record = try found.orNotFound("claim")
        let award = try foundAward.orNotFound("claim")
        let facts = record.facts(award)
        _ = try Permission.authorise(.claimRead, subject: subject, facts: facts)
        let claim = record.claim(lines)
        let instalment = instalments.first { $0.position == record.position }
        let terms = try agreement?.agreement
        let editable = record.state.isDraft && Permission.allows(.claimEdit, subject: subject, facts: facts)
        let problems = try Self.needs(
            award, terms, instalment, others, planned: Self.planned(instalments), tolerance: tolerance,
            today: subject.now.londonDay
        ).map { ClaimRules.problems(claim.content, for: $0) }
        return ClaimDetail(
            claim: claim, award: award.row, instalment: instalment, lines: lines, amount: record.amount,
            verified: record.verified, sampleSeed: record.sampleSeed.map { UInt64(bitPattern: $0) },
            samplePercent: record.samplePercent, categories: terms?.categories ?? [],
            problems: record.state == .draft || record.state == .inCertification ? problems ?? [] : [],
            lastEditorName: record.lastEditorName, certifierName: record.certifierName,
            submittedAt: record.submittedAt, checkerName: record.checkerName, query: record.query,
            queryBy: record.queryBy, reason: record.reason, payBy: record.payBy, isReturnAccepted: accepted ?? false,
            unmetConditions: conditions.filter { $0.kind == .precedent && $0.isMet != true }, bank: bank,
            payments: payments, isReversalRequested: record.isReversalRequested,
            allowed: Self.allowed(record, facts, subject, ledger), editable: editable, history: history)
    }

    /// Starts a claim for an instalment of an award in force.
    public func start(_ actor: Actor, _ award: AwardID, position: Int, once: IdempotencyKey? = nil) async throws
        -> ClaimID
    {
        let id = ClaimID.fresh()
        return try await platform.write("claims.start", actor, on: .claim(id), once: once) { tx, open in
            let (subject, found, instalments) = try tx.pipeline(
                open, AwardStatements.lock(award).optional, AgreementStatements.standing(award).many)
            let record = try found.orNotFound("award")
            let grant = try Awards.authorise(.claimStart, record, subject)
            let move = try Workflow.move(ClaimEvent.start, from: nil)
            guard record.award.state.takesClaims else { throw Self.notRunning(record) }
            guard let instalment = instalments.first(where: { $0.position == position }) else {
                throw Refusal.invalid([FieldProblem("position", "Choose an instalment of this award.")])
            }
            if instalment.claim != nil {
                throw Refusal(
                    .conflict, code: "claimed_already",
                    "There is a claim for instalment \(position) already. Look for it on the page of the award.")
            }
            tx.queue(ClaimStatements.insert(id, for: instalment.id, of: record.award, by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "claim.start", on: .claim(id), as: grant.capacity, to: move.state.rawValue,
                    detail: ["award": "\(award)", "instalment": "\(position)"]))
            return id
        }
    }

    /// Saves a draft whole. Answers its new version.
    public func save(_ actor: Actor, _ id: ClaimID, version: Int, _ content: Claim.Content) async throws -> Int {
        try await platform.write("claims.save", actor, on: .claim(id)) { tx, open in
            let (subject, foundAward, found) = try tx.pipeline(
                open, AwardStatements.find(of: id).optional, ClaimStatements.lock(id).optional)
            let record = try found.orNotFound("claim")
            let award = try foundAward.orNotFound("claim")
            let grant = try Self.authorise(.claimEdit, record, award, subject)
            try ClaimRules.storageProblems(content).mustBeEmpty()
            try version.mustEqual(record.version, "claim")
            guard record.state.isDraft else { throw Self.notDraft }
            tx.queue(ClaimStatements.saveHead(id, content, by: subject.person).done)
            tx.queue(ClaimStatements.removeLines(id).done)
            tx.queue(ClaimStatements.insertLines(id, of: record.award, content.lines, by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "claim.edit", on: .claim(id), as: grant.capacity,
                    detail: ["version": "\(record.version + 1)", "lines": "\(content.lines.count)"]))
            return record.version + 1
        }
    }

    /// Hands a complete claim to the certifiers.
    public func sendForCertification(_ actor: Actor, _ id: ClaimID, version: Int) async throws {
        try await platform.write("claims.send_for_certification", actor, on: .claim(id)) { tx, open in
            let (subject, foundAward, found, lines, needs) = try Self.loadForCertification(tx, open, id)
            let record = try found.orNotFound("claim")
            let award = try foundAward.orNotFound("claim")
            let grant = try Self.authorise(.claimSendForCertification, record, award, subject)
            try version.mustEqual(record.version, "claim")
            let move = try Workflow.move(ClaimEvent.sendForCertification, from: record.state)
            let claim = record.claim(lines)
            try Self.complete(claim, try needs(award, record, subject)).enforce()
            tx.queue(ClaimStatements.move(id, to: move.state, by: .sendForCertification).done)
            Self.recordMove(tx, record, award, move, .sendForCertification, subject, actor, grant)
        }
    }

    /// Certifies the claim and submits it. The declaration's edition is kept with it.
    public func submit(
        _ actor: Actor, _ id: ClaimID, version: Int, declarationVersion: String, once: IdempotencyKey? = nil
    ) async throws {
        _ = try await platform.write("claims.submit", actor, on: .claim(id), once: once) { tx, open in
            let (subject, foundAward, found, lines, needs) = try Self.loadForCertification(tx, open, id)
            let record = try found.orNotFound("claim")
            let award = try foundAward.orNotFound("claim")
            let grant = try Self.authorise(.claimSubmit, record, award, subject)
            guard declarationVersion == Claim.Declaration.version else {
                throw Refusal.invalid([
                    FieldProblem("declarationVersion", "Read the declaration in its present form, then certify.")
                ])
            }
            try version.mustEqual(record.version, "claim")
            let move = try Workflow.move(ClaimEvent.submit, from: record.state)
            try ClaimRules.certifierIsNotEditor(subject.person, lastEditor: record.lastEditor).enforce()
            try Self.complete(record.claim(lines), try needs(award, record, subject)).enforce()
            tx.queue(ClaimStatements.submit(id, by: subject.person, declaration: declarationVersion).done)
            Self.recordMove(
                tx, record, award, move, .submit, subject, actor, grant, detail: ["declaration": declarationVersion])
            return true
        }
    }

    /// Sends a claim back to its editors.
    public func declineCertification(_ actor: Actor, _ id: ClaimID, version: Int, reason: String) async throws {
        try await because(.declineCertification, .claimDeclineCertification, actor, id, version, reason)
    }

    /// Answers a query: the evidence of lines may be put right, nothing else.
    public func answer(_ actor: Actor, _ id: ClaimID, version: Int, evidence: [Int: String], reply: String) async throws
    {
        try await platform.write("claims.answer", actor, on: .claim(id)) { tx, open in
            let (subject, foundAward, found, lines) = try tx.pipeline(
                open, AwardStatements.find(of: id).optional, ClaimStatements.lock(id).optional,
                ClaimStatements.lines(id).many)
            let record = try found.orNotFound("claim")
            let award = try foundAward.orNotFound("claim")
            let grant = try Self.authorise(.claimAnswer, record, award, subject)
            try version.mustEqual(record.version, "claim")
            let move = try Workflow.move(ClaimEvent.answer, from: record.state)
            try Rules.reason(reply).enforce()
            let changed = evidence.sorted { $0.key < $1.key }.filter { number, text in
                lines.contains { $0.number == number && $0.line.evidence != text }
            }
            if !changed.isEmpty {
                try Self.editorOnly(subject).enforce()
                tx.queue(ClaimStatements.saveEvidence(id, changed.map { ($0.key, $0.value) }, by: subject.person).done)
            }
            tx.queue(ClaimStatements.move(id, to: move.state, by: .answer).done)
            Self.recordMove(tx, record, award, move, .answer, subject, actor, grant, reason: reply)
        }
    }
}
