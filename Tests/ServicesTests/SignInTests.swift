import Domain
import Postgres
import Testing

@testable import Services

/// What a test knows of an invited person.
struct Newcomer {
    let email: String
    let id: PersonID
    static let passphrase = "correct horse battery staple"
}

/// The refusal that an act ends with; nil when it was done or failed otherwise.
private func refused(_ act: () async throws -> Void) async -> Refusal? {
    do {
        try await act()
        return nil
    } catch {
        return error as? Refusal
    }
}

extension Fund {
    /// Invites by an administrator and accepts, so that the whole path is walked and there is a real passphrase.
    func newcomer(
        _ capacities: [Capacity] = [.laEditor], in organisation: OrganisationID? = nil, by administrator: Actor? = nil
    ) async throws -> Newcomer {
        let keeper = if let administrator { administrator } else { try await self.administrator() }
        let home = if let organisation { organisation } else { try await self.organisation() }
        let email = "newcomer-\(Tokens.fresh().prefix(8).lowercased())@example.gov.uk"
        let (id, token) = try await core.people.invite(
            keeper,
            NewPerson(
                organisation: home, role: capacities.first?.role ?? .localAuthority, email: email, name: "New Comer",
                capacities: capacities))
        try await core.signIn.accept(invitation: token, passphrase: Newcomer.passphrase)
        return Newcomer(email: email, id: id)
    }

    func token(_ newcomer: Newcomer) async throws -> String {
        switch try await core.signIn.begin(
            email: newcomer.email, passphrase: Newcomer.passphrase, source: "192.0.2.9")
        {
        case .signedIn(let token, _): token
        case .secondFactorNeeded(let token, _): token
        }
    }
}

@Suite("Signing in")
struct SignInTests {
    @Test("invitation, passphrase, session: the token names the person and nothing else does")
    func wholePath() async throws {
        try await withFund { fund in
            let newcomer = try await fund.newcomer()
            let result = try await fund.core.signIn.begin(
                email: newcomer.email.uppercased(), passphrase: Newcomer.passphrase, source: "192.0.2.9")
            guard case .signedIn(let token, let person) = result else {
                Issue.record("not signed in: \(result)")
                return
            }
            #expect(person == newcomer.id)
            let subject = try await fund.core.subject(.init(credential: Credential(token: token), requestID: "t"))
            #expect(subject.person == newcomer.id)
            #expect(subject.role == .localAuthority)
            #expect(subject.holds(.laEditor))
            let nobody = Actor(credential: Credential(token: Tokens.fresh()), requestID: "t")
            let refusal = await #expect(throws: Refusal.self) { try await fund.core.subject(nobody) }
            #expect(refusal?.kind == .unauthenticated)
        }
    }

    @Test("wrong passphrase, unknown address, suspended account: one answer")
    func enumeration() async throws {
        try await withFund { fund in
            let administrator = try await fund.administrator()
            let known = try await fund.newcomer(by: administrator)
            let suspended = try await fund.newcomer(by: administrator)
            let detail = try await fund.core.people.detail(administrator, suspended.id)
            try await fund.core.people.suspend(
                administrator, suspended.id, version: detail.person.version, reason: "Away on long-term leave from work"
            )
            let attempts = [
                (known.email, "not the right passphrase"), ("nobody@example.gov.uk", Newcomer.passphrase),
                (suspended.email, Newcomer.passphrase), ("", ""), (known.email, String(repeating: "x", count: 10_000)),
            ]
            var refusals: [Refusal] = []
            for (email, passphrase) in attempts {
                let refusal = await #expect(throws: Refusal.self) {
                    try await fund.core.signIn.begin(email: email, passphrase: passphrase, source: nil)
                }
                if let refusal { refusals.append(refusal) }
            }
            #expect(refusals.count == attempts.count)
            #expect(Set(refusals).count == 1)
            #expect(refusals.first?.code == "sign_in_failed")
            // The salt for an address that nobody has is always the same, as a real one is.
            func salt(_ email: String) async throws -> [UInt8] {
                try await fund.app.transaction("t") { tx in
                    try tx.run(SignInStatements.challenge(email: email, source: nil).one).salt
                }
            }
            #expect(try await salt("nobody@example.gov.uk") == salt("nobody@example.gov.uk"))
            #expect(try await salt("nobody@example.gov.uk") != salt("other@example.gov.uk"))
        }
    }

    @Test("two servers count the attempts on one account together")
    func lockout() async throws {
        try await withFund { fund in
            let newcomer = try await fund.newcomer()
            let (other, database) = try fund.anotherServer()
            func attempt(_ number: Int) async -> Refusal? {
                let core = number.isMultiple(of: 2) ? fund.core : other
                return await refused {
                    _ = try await core.signIn.begin(
                        email: newcomer.email, passphrase: "wrong passphrase \(number)", source: nil)
                }
            }
            // Ten are free; the tenth starts the wait, and each server knows of it.
            for number in 0..<10 { #expect(await attempt(number)?.code == "sign_in_failed") }
            let waiting: Int = try await fund.value(
                "select count(*) from auth.rate_bucket where blocked_until is not null")
            #expect(waiting == 1)
            // The first wait is a second, less than a busy machine may need to ask again.
            _ = try await fund.value(
                """
                with longer as (
                    update auth.rate_bucket set blocked_until = blocked_until + interval '10 minutes'
                    where blocked_until is not null returning 1
                ) select count(*) from longer
                """, as: Int.self)
            for number in 10..<14 { #expect(await attempt(number)?.kind == .rateLimited) }
            let refusal = await #expect(throws: Refusal.self) {
                try await other.signIn.begin(
                    email: newcomer.email, passphrase: Newcomer.passphrase, source: nil)
            }
            #expect(refusal?.kind == .rateLimited)
            #expect((refusal?.retryAfter ?? 0) > 0)
            await database.shutdown()
        }
    }

    @Test("an invitation works once, for a good passphrase, and not when it is old")
    func invitation() async throws {
        try await withFund { fund in
            let administrator = try await fund.administrator()
            let home = try await fund.organisation()
            let (id, token) = try await fund.core.people.invite(
                administrator,
                NewPerson(organisation: home, role: .localAuthority, email: "byron@example.gov.uk", name: "Ada Byron"))
            let view = try await fund.core.signIn.invitation(token: token)
            #expect(view.email == "byron@example.gov.uk")
            #expect(!view.expired)
            for weak in [
                "short", "byron@example.gov.uk", "aaaaaaaaaaaaaaaaaaaa", String(repeating: "long words ", count: 20),
            ] {
                let refusal = await #expect(throws: Refusal.self) {
                    try await fund.core.signIn.accept(invitation: token, passphrase: weak)
                }
                #expect(refusal?.problems.first?.field == "passphrase", "\(weak)")
            }
            try await fund.core.signIn.accept(invitation: token, passphrase: Newcomer.passphrase)
            let used = await #expect(throws: Refusal.self) {
                try await fund.core.signIn.accept(invitation: token, passphrase: Newcomer.passphrase)
            }
            #expect(used?.code == "invitation_expired")
            #expect(try await fund.core.people.detail(administrator, id).person.state == .active)
            let lost = await #expect(throws: Refusal.self) {
                try await fund.core.signIn.invitation(token: Tokens.fresh())
            }
            #expect(lost?.kind == .notFound)
            let again = try await fund.core.people.reinvite(administrator, id)
            try await fund.sql("update auth.invitation set expires_at = now() - interval '1 second'")
            #expect(try await fund.core.signIn.invitation(token: again).expired)
        }
    }

    @Test("the first administrator is made on the host, sets up a second factor and then acts")
    func firstAdministrator() async throws {
        try await withFund { fund in
            let (person, token) = try await FirstAdministrator(fund.operatorCore).create(
                email: "first@example.gov.uk", name: "First One", organisation: "Department of Examples")
            try await fund.core.signIn.accept(invitation: token, passphrase: Newcomer.passphrase)
            let result = try await fund.core.signIn.begin(
                email: "first@example.gov.uk", passphrase: Newcomer.passphrase, source: nil)
            guard case .secondFactorNeeded(let halfway, let toEnrol) = result else {
                Issue.record("no second factor asked: \(result)")
                return
            }
            #expect(toEnrol)
            let half = Actor(credential: Credential(token: halfway), requestID: "t")
            let refusal = await #expect(throws: Refusal.self) { try await fund.core.people.list(half) }
            #expect(refusal?.kind == .unauthenticated)
            let enrolment = try await fund.core.account.enrolTotp(half)
            #expect(enrolment.uri.hasPrefix("otpauth://totp/"))
            let code = try await fund.code(of: enrolment)
            let (full, codes) = try await fund.core.account.confirmTotp(half, code: code)
            #expect(codes.count == 10)
            #expect(Set(codes).count == 10)
            let actor = Actor(credential: Credential(token: full), requestID: "t")
            #expect(try await fund.core.subject(actor).holds(.administrator))
            #expect(try await fund.core.people.list(actor).rows.contains { $0.id == person })
        }
    }
}

extension Fund {
    /// The code that an app with this secret shows now.
    func code(of enrolment: TotpEnrolment, step offset: Int64 = 0) async throws -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var bytes: [UInt8] = []
        var buffer = 0
        var bits = 0
        for character in enrolment.secret {
            let value = try #require(alphabet.firstIndex(of: character))
            buffer = (buffer << 5 | value) & 0xfff
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> bits & 255))
            }
        }
        let now: Int64 = try await value("select floor(extract(epoch from clock_timestamp()))::bigint")
        return OneTimePassword.code(seed: bytes, step: now / 30 + offset)
    }
}

@Suite("Hashing of passphrases")
struct PassphraseHashingTests {
    /// From the reference implementation's own tests: version 19, two passes over 64 MiB.
    @Test("Argon2id gives what the reference implementation gives")
    func vector() async throws {
        let hashing = PassphraseHashing(threads: 1, waitersMax: 1)
        let output = try await hashing.hash(
            "password", salt: Array("somesalt".utf8), cost: .init(memoryKiB: 65_536, iterations: 2))
        #expect(Hex.text(output) == "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7")
    }

    @Test("so many hash and wait, and the rest are turned away")
    func bounded() async throws {
        let hashing = PassphraseHashing(threads: 1, waitersMax: 2)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    let cost = Argon2Cost(memoryKiB: 32_768, iterations: 4)
                    return (try? await hashing.hash("x", salt: randomBytes(16), cost: cost)) != nil
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.contains(true))
        #expect(outcomes.contains(false))
        // And afterwards there is room again.
        _ = try await hashing.hash("x", salt: randomBytes(16), cost: .init(memoryKiB: 64, iterations: 1))
    }
}
