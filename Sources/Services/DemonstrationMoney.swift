import Domain
import Postgres

// Claims, variations and payments of the demonstration, one in every state.

extension DemonstrationFund {
    /// What happens to the money of awards in force.
    func money(_ awards: [DemonstrationAward]) async throws {
        guard let first = awards.first(where: { $0.plot.key == "lifestory" }) else { return }
        try await submitClaim(on: first.id, of: first.authority)
    }

    /// A claim for the first instalment, certified and waiting for its check.
    private func submitClaim(on award: AwardID, of code: String) async throws {
        let editor = try cast.actor("\(code).editor")
        let claims = touchstone.claims
        let id = try await claims.start(editor, award, position: 1)
        // Spent within the financial year of the instalment.
        let first = FinancialYear(of: today).flatMap { Day(year: $0.start, month: 4, day: 1) } ?? today
        let day = max(first, today.adding(days: -10))
        var content = Claim.Content()
        content.from = day
        content.to = day
        content.lines = [Money(pounds: 14_200), Money(pounds: 9_800)].enumerated().map { index, amount in
            var line = Claim.Line()
            line.date = day
            line.category = .staff
            line.amount = amount
            line.supplier = "Family workers"
            line.ledgerReference = "PAY-\(index + 1)"
            line.evidence = "Payroll of the month"
            return line
        }
        _ = try await claims.save(editor, id, version: 1, content)
        try await claims.sendForCertification(editor, id, version: try await version(id))
        try await claims.submit(
            try cast.actor("\(code).certifier"), id, version: try await version(id),
            declarationVersion: Claim.Declaration.version)
    }

    // MARK: Versions

    func version(_ claim: ClaimID) async throws -> Int {
        try await owner.transaction("demonstration.version") { tx in
            try tx.run(DemonstrationStatements.claimVersion(claim).one)
        }
    }
}
