import Domain
import Postgres
import Testing

@testable import Services

@Suite("Second factors")
struct SecondFactorTests {
    /// RFC 6238, appendix B, cut to six digits.
    @Test(
        "codes are those of RFC 6238",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func vectors(seconds: Int64, code: String) {
        #expect(OneTimePassword.code(seed: Fund.totpSeed, step: seconds / 30) == code)
        #expect(OneTimePassword.step(of: code, seed: Fund.totpSeed, now: seconds) == seconds / 30)
        #expect(OneTimePassword.step(of: code, seed: Fund.totpSeed, now: seconds + 30) == seconds / 30)
        #expect(OneTimePassword.step(of: code, seed: Fund.totpSeed, now: seconds + 90) == nil)
    }

    @Test("base32 is that of RFC 4648", arguments: [("f", "MY"), ("foobar", "MZXW6YTBOI"), ("", "")])
    func base32(plain: String, encoded: String) {
        #expect(OneTimePassword.base32(Array(plain.utf8)) == encoded)
    }

    @Test("a sealed seed opens for its person only")
    func sealing() throws {
        let sealer = SeedSealer(key: Fund.sealingKey)
        let person = PersonID.fresh()
        let sealed = try sealer.seal([1, 2, 3], for: person)
        #expect(try sealer.open(sealed, for: person) == [1, 2, 3])
        #expect(throws: (any Error).self) { try sealer.open(sealed, for: .fresh()) }
        #expect(throws: (any Error).self) {
            try SeedSealer(key: [UInt8](repeating: 8, count: 32)).open(sealed, for: person)
        }
    }

    /// A half-way session of somebody with the usual seed.
    private func halfway(_ fund: Fund, _ person: PersonID) async throws -> String {
        let token = Tokens.fresh()
        try await fund.sql(
            """
            insert into auth.session (id, person_id, kind, key, level, idle_limit, expires_at)
            values (\(SessionID.fresh()), \(person), 'web', \(Bytes(Credential(token: token).key)), 'password',
                interval '1 hour', now() + interval '1 hour')
            """)
        return token
    }

    @Test("a code raises the session under a new token; the old token is dead")
    func rotation() async throws {
        try await withFund { fund in
            let home = try await fund.organisation(.department)
            let person = try await fund.person(in: home, role: .department, [.approver])
            let token = try await halfway(fund, person)
            let wrong = await #expect(throws: Refusal.self) {
                try await fund.core.signIn.secondFactor(token: token, code: "000000", source: nil)
            }
            #expect(wrong?.code == "wrong_code")
            let full = try await fund.core.signIn.secondFactor(
                token: token, code: try await fund.totpCode(), source: nil)
            #expect(full != token)
            let subject = try await fund.core.subject(Actor(credential: Credential(token: full), requestID: "t"))
            #expect(subject.holds(.approver))
            #expect(subject.hasSecondFactor)
            let dead = await #expect(throws: Refusal.self) {
                try await fund.core.subject(Actor(credential: Credential(token: token), requestID: "t"))
            }
            #expect(dead?.kind == .unauthenticated)
        }
    }

    @Test("one code, many sessions and two servers at once: it works once")
    func replay() async throws {
        try await withFund { fund in
            let home = try await fund.organisation(.department)
            let person = try await fund.person(in: home, role: .department, [.approver])
            var tokens: [String] = []
            for _ in 0..<8 { tokens.append(try await halfway(fund, person)) }
            let code = try await fund.totpCode()
            let (other, database) = try fund.anotherServer()
            let worked = await withTaskGroup(of: Bool.self) { group in
                for (index, token) in tokens.enumerated() {
                    let core = index.isMultiple(of: 2) ? fund.core : other
                    group.addTask {
                        (try? await core.signIn.secondFactor(token: token, code: code, source: nil)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(worked == 1)
            await database.shutdown()
        }
    }

    @Test("guessing codes is slowed down")
    func guessing() async throws {
        try await withFund { fund in
            let home = try await fund.organisation(.department)
            let person = try await fund.person(in: home, role: .department, [.approver])
            let token = try await halfway(fund, person)
            var last: Refusal?
            for _ in 0..<11 {
                last = await #expect(throws: Refusal.self) {
                    try await fund.core.signIn.secondFactor(token: token, code: "000000", source: nil)
                }
            }
            #expect(last?.kind == .rateLimited)
        }
    }

    @Test("a recovery code works once, however it is typed; new ones replace the old")
    func recoveryCodes() async throws {
        try await withFund { fund in
            let home = try await fund.organisation(.department)
            let person = try await fund.person(in: home, role: .department, [.approver])
            let actor = try await fund.signIn(person)
            let codes = try await fund.core.account.renewRecoveryCodes(actor)
            let token = try await fund.core.signIn.secondFactor(
                token: try await halfway(fund, person), code: codes[0].uppercased().replacing("-", with: " "),
                source: nil)
            #expect(!token.isEmpty)
            let again = try await halfway(fund, person)
            await #expect(throws: Refusal.self) {
                try await fund.core.signIn.secondFactor(token: again, code: codes[0], source: nil)
            }
            _ = try await fund.core.account.renewRecoveryCodes(actor)
            await #expect(throws: Refusal.self) {
                try await fund.core.signIn.secondFactor(token: again, code: codes[1], source: nil)
            }
        }
    }

    @Test("stepping up needs the code where there is one, else the passphrase, and rotates the token")
    func stepUp() async throws {
        try await withFund { fund in
            let home = try await fund.organisation(.department)
            let approver = try await fund.person(in: home, role: .department, [.approver])
            let stale = try await fund.signIn(approver, steppedUp: false)
            await #expect(throws: Refusal.self) {
                try await fund.core.account.stepUp(stale, passphrase: Newcomer.passphrase)
            }
            let fresh = try await fund.core.account.stepUp(stale, code: try await fund.totpCode())
            let subject = try await fund.core.subject(Actor(credential: Credential(token: fresh), requestID: "t"))
            #expect(subject.steppedUpAt != nil)
            await #expect(throws: Refusal.self) { try await fund.core.subject(stale) }

            let newcomer = try await fund.newcomer()
            let plain = Actor(credential: Credential(token: try await fund.token(newcomer)), requestID: "t")
            let needed = await #expect(throws: Refusal.self) {
                try await fund.core.account.createToken(plain, label: "script", scope: .read, days: 7)
            }
            #expect(needed?.kind == .stepUpRequired)
            let wrong = await #expect(throws: Refusal.self) {
                try await fund.core.account.stepUp(plain, passphrase: "not my passphrase at all")
            }
            #expect(wrong?.kind == .invalid)
            let raised = try await fund.core.account.stepUp(plain, passphrase: Newcomer.passphrase)
            let up = Actor(credential: Credential(token: raised), requestID: "t")
            let (id, secret) = try await fund.core.account.createToken(up, label: "script", scope: .read, days: 7)
            let program = Actor(credential: Credential(token: secret), requestID: "t")
            #expect(try await fund.core.subject(program).mayWrite == false)
            #expect(try await fund.core.account.tokens(up).map(\.id) == [id])
            try await fund.core.account.revokeToken(up, id)
            await #expect(throws: Refusal.self) { try await fund.core.subject(program) }
        }
    }
}
