import Domain
import Postgres

// What a claim is held against, loaded and put together in one place for the page and for both acts.

extension Claims {
    /// The loader of both certifying acts: the award is locked first, so that two claims of one award follow each other.
    static func loadForCertification(
        _ tx: borrowing Transaction, _ open: Step<Subject>, _ id: ClaimID
    ) throws -> (
        Subject, AwardRecord?, ClaimRecord?, [ClaimLineView],
        (AwardRecord, ClaimRecord, Subject) throws -> ClaimRules.Needs?
    ) {
        let (subject, award, record, lines, others, instalments, agreement, tolerance) = try tx.pipeline(
            open, AwardStatements.lock(of: id).optional, ClaimStatements.lock(id).optional,
            ClaimStatements.lines(id).many, ClaimStatements.others(of: id).many,
            AgreementStatements.standing(of: id).many, AgreementStatements.version(of: id).optional,
            MoneyStatements.setting("award_year_tolerance_percent").optional)
        let needs: (AwardRecord, ClaimRecord, Subject) throws -> ClaimRules.Needs? = { award, record, subject in
            try Self.needs(
                award, try agreement?.agreement, instalments.first { $0.position == record.position }, others,
                planned: Self.planned(instalments), tolerance: tolerance, today: subject.now.londonDay)
        }
        return (subject, award, record, lines, needs)
    }

    /// What the schedule plans for each year.
    static func planned(_ instalments: [InstalmentView]) -> [FinancialYear: Money] {
        instalments.reduce(into: [:]) { sums, instalment in
            sums[instalment.year, default: .zero] = sums[instalment.year, default: .zero] + instalment.amount
        }
    }

    /// What a claim is held against; nil where the agreement or the instalment is gone.
    static func needs(
        _ award: AwardRecord, _ agreement: Agreement?, _ instalment: InstalmentView?, _ others: [OtherClaim],
        planned: [FinancialYear: Money], tolerance: String?, today: Day
    ) throws -> ClaimRules.Needs? {
        guard let agreement, let instalment, let starts = award.starts, let ends = award.ends else { return nil }
        let periods = others.compactMap { other -> ClosedRange<Day>? in
            guard let from = other.from, let to = other.to, from <= to else { return nil }
            return from...to
        }
        return ClaimRules.Needs(
            starts: starts, ends: ends,
            signed: agreement.retrospectiveApproval.orNil == nil ? award.signedAt?.londonDay : nil,
            categories: Set(agreement.categories),
            inAdvance: agreement.mode == .paymentRequestFirst, today: today, maximum: award.award.amount,
            instalment: instalment.amount, claimedBefore: others.map(\.amount).total, year: instalment.year,
            yearCap: ClaimRules.yearCap(
                planned[instalment.year] ?? .zero, tolerancePercent: tolerance.flatMap { Int($0) } ?? 0),
            claimedInYear: others.filter { $0.year == instalment.year }.map(\.amount).total, otherPeriods: periods,
            usedReferences: Set(others.flatMap(\.references).map(ClaimRules.ledgerKey)))
    }

    /// Whether a claim can be certified.
    static func complete(_ claim: Claim, _ needs: ClaimRules.Needs?) -> Refusal? {
        guard let needs else { return .notFound("instalment") }
        let problems = ClaimRules.problems(claim.content, for: needs)
        return problems.isEmpty ? nil : .invalid(problems)
    }
}

extension AwardRecord {
    /// As a row beside something else; sums are looked up where they are shown.
    var row: AwardRow {
        AwardRow(
            id: award.id, reference: award.reference, title: title, organisationName: organisationName,
            state: award.state, version: award.version, amount: award.amount, claimed: .zero, paid: .zero,
            updatedAt: updatedAt)
    }
}
