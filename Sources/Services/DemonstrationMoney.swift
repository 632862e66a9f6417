import Domain
import Postgres

// Claims and payments of the demonstration, one in every state.

extension DemonstrationFund {
    /// Where the claim for the first instalment of each award comes to rest; `batched` stands for what payments do later.
    private static let claims: [(key: String, rest: Claim.State)] = [
        ("mentors", .draft), ("kinship", .inCertification), ("lifestory", .submitted), ("short_breaks", .checking),
        ("siblings", .queried), ("hubs", .verified), ("fathers", .partVerified), ("night_team", .rejected),
        ("letters", .approvedForPayment), ("foster_line", .paymentBatch), ("respite", .paymentBatch),
        ("conferencing", .paid), ("schools", .paid), ("early_help", .paid), ("safeguarding", .paid), ("pause", .paid),
        ("drug_court", .reversed),
    ]

    /// What happens to the money of awards in force, once their returns are in.
    func money(_ awards: [DemonstrationAward]) async throws {
        var made: [String: ClaimID] = [:]
        for (key, rest) in Self.claims {
            guard let award = awards.first(where: { $0.plot.key == key }) else { continue }
            made[key] = try await claim(on: award, rest)
        }
        let programme = try await touchstone.awards.detail(try cast.actor("officer"), awards[0].id).award.programme
        try await pay(made, programme)
    }

    // MARK: Claims

    /// A claim for the first instalment, taken to a state by the people whose turn it is.
    private func claim(on award: DemonstrationAward, _ rest: Claim.State) async throws -> ClaimID {
        let editor = try cast.actor("\(award.authority).editor")
        let officer = try cast.actor("officer")
        let claims = touchstone.claims
        let id = try await claims.start(editor, award.id, position: 1)
        let content = try await spent(on: award)
        _ = try await claims.save(editor, id, version: 1, content)
        if rest == .draft { return id }
        try await claims.sendForCertification(editor, id, version: try await version(id))
        if rest == .inCertification { return id }
        try await claims.submit(
            try cast.actor("\(award.authority).certifier"), id, version: try await version(id),
            declarationVersion: Claim.Declaration.version)
        if rest == .submitted { return id }
        try await claims.beginCheck(officer, id, version: try await version(id))
        switch rest {
        case .checking: return id
        case .queried:
            try await claims.query(
                officer, id, version: try await version(id), question: "Which of the two teams was this payroll for?")
            return id
        case .rejected:
            try await claims.reject(
                officer, id, version: try await version(id),
                reason: "The lines are of another project; claim again with those of this one.")
            return id
        default: break
        }
        _ = try await claims.verify(
            officer, id, version: try await version(id), findings(content.lines.count, isPart: rest == .partVerified))
        if rest == .verified || rest == .partVerified { return id }
        try await claims.approve(try cast.actor("finance2"), id, version: try await version(id))
        return id
    }

    /// All allowed, but for a little of the last line.
    private func findings(_ lines: Int, isPart: Bool) -> [Claim.Finding] {
        (1...lines).map { line in
            isPart && line == lines
                ? Claim.Finding(
                    line: line, verdict: .disallowed, disallowed: Money(pounds: 250),
                    reason: "Refreshments are not eligible.")
                : Claim.Finding(line: line, verdict: .allowed)
        }
    }

    /// Three fifths of the instalment, spent in the last period that a return was for.
    private func spent(on award: DemonstrationAward) async throws -> Claim.Content {
        let detail = try await touchstone.awards.detail(try cast.actor("\(award.authority).editor"), award.id)
        let instalment = detail.agreement?.instalments.first?.amount ?? Money(pounds: 10_000)
        let period = try await periods(award).last
        let year = FinancialYear(of: today).flatMap { Day(year: $0.start, month: 4, day: 1) } ?? today
        var content = Claim.Content()
        content.from = max(year, period?.from ?? today)
        content.to = max(year, period?.to ?? today)
        let shares: [(BidContent.CostLine.Category, Int, String)] = [
            (.staff, 42, "Payroll of the project’s team"), (.training, 12, "Invoice for training"),
            (.dataIT, 6, "Licences for the case system"),
        ]
        content.lines = shares.enumerated().map { place, share in
            var line = Claim.Line()
            line.date = content.to
            line.category = share.0
            line.amount = Money(pence: instalment.pence / 100 * share.1)
            line.supplier = share.0 == .staff ? "The council" : "A supplier of the council"
            line.ledgerReference = "\(award.authority)-\(award.plot.key)-\(place + 1)"
            line.evidence = share.2
            return line
        }
        return content
    }

    // MARK: Payments

    /// One batch that was paid, one released, one open, one that was cancelled so that its claim waits again; then a
    /// payment that is reversed.
    private func pay(_ claims: [String: ClaimID], _ programme: ProgrammeID) async throws {
        func of(_ keys: String...) -> [ClaimID] { keys.compactMap { claims[$0] } }
        let finance = try cast.actor("finance2")
        let releaser = try cast.actor("releaser")
        let paid = try await released(
            of("conferencing", "schools", "early_help", "safeguarding", "pause", "drug_court"), programme)
        let file = try await touchstone.payments.export(finance, paid).csv
        _ = try await touchstone.payments.confirm(releaser, paid, version: try await version(paid), file: file)
        if let claim = claims["drug_court"] {
            try await touchstone.claims.requestReversal(
                try cast.actor("finance"), claim, version: try await version(claim),
                reason: "The bank returned it: the account had been closed.")
            try await touchstone.claims.reverse(
                try cast.actor("approver2"), claim, version: try await version(claim))
        }
        _ = try await released(of("respite"), programme)
        let cancelled = try await touchstone.payments.assemble(finance, programme: programme, claims: of("letters"))
        try await touchstone.payments.cancel(
            finance, cancelled, version: try await version(cancelled), reason: "Put together before the month's end.")
        _ = try await touchstone.payments.assemble(finance, programme: programme, claims: of("foster_line"))
    }

    private func released(_ claims: [ClaimID], _ programme: ProgrammeID) async throws -> PaymentBatchID {
        let batch = try await touchstone.payments.assemble(
            try cast.actor("finance2"), programme: programme, claims: claims)
        let releaser = try cast.actor("releaser")
        let row = try await touchstone.payments.detail(releaser, batch).row.batch
        _ = try await touchstone.payments.release(
            releaser, batch, version: row.version, count: row.count, total: row.total)
        return batch
    }

    // MARK: Versions

    func version(_ claim: ClaimID) async throws -> Int {
        try await ask(DemonstrationStatements.claimVersion(claim))
    }

    private func version(_ batch: PaymentBatchID) async throws -> Int {
        try await ask(DemonstrationStatements.batchVersion(batch))
    }
}
