import Domain
import Postgres
import Testing

@testable import Services

@Suite("Sessions")
struct SessionTests {
    /// That an actor is nobody any more.
    private func isSignedOut(_ core: Touchstone, _ actor: Actor) async -> Bool {
        do {
            _ = try await core.subject(actor)
            return false
        } catch {
            return (error as? Refusal)?.kind == .unauthenticated
        }
    }

    @Test("idle and absolute expiry are by the database's clock")
    func expiry() async throws {
        try await withFund { fund in
            let person = try await fund.person(in: try await fund.organisation(), role: .localAuthority, [.laEditor])
            let idle = try await fund.signIn(person)
            let old = try await fund.signIn(person)
            #expect(await !isSignedOut(fund.core, idle))
            try await fund.sql(
                """
                update auth.session set last_seen_at = now() - interval '61 minutes'
                where key = \(Bytes(idle.credential.key))
                """)
            try await fund.sql(
                "update auth.session set expires_at = now() where key = \(Bytes(old.credential.key))")
            #expect(await isSignedOut(fund.core, idle))
            #expect(await isSignedOut(fund.core, old))
        }
    }

    @Test("being seen renews the session, once a minute at most")
    func touch() async throws {
        try await withFund { fund in
            let person = try await fund.person(in: try await fund.organisation(), role: .localAuthority, [.laEditor])
            let actor = try await fund.signIn(person)
            try await fund.sql("update auth.session set last_seen_at = now() - interval '5 minutes'")
            _ = try await fund.core.subject(actor)
            var age = 300
            for _ in 0..<100 where age > 60 {
                try await Task.sleep(for: .milliseconds(20))
                age = try await fund.value(
                    "select extract(epoch from now() - last_seen_at)::integer from auth.session", as: Int.self)
            }
            #expect(age <= 60)
        }
    }

    @Test("signing out ends one session, everywhere ends all, on every server")
    func signOut() async throws {
        try await withFund { fund in
            let (other, database) = try fund.anotherServer()
            let person = try await fund.person(in: try await fund.organisation(), role: .localAuthority, [.laEditor])
            let first = try await fund.signIn(person)
            let second = try await fund.signIn(person)
            let program = try await fund.signIn(person, kind: "api")
            #expect(try await fund.core.account.sessions(first).count == 2)
            #expect(try await fund.core.account.sessions(first).count { $0.isCurrent } == 1)
            try await fund.core.account.signOut(first)
            try await fund.core.account.signOut(first)
            #expect(await isSignedOut(other, first))
            #expect(await !isSignedOut(other, second))
            try await fund.core.account.signOutEverywhere(second)
            #expect(await isSignedOut(other, second))
            #expect(await isSignedOut(other, program))
            await database.shutdown()
        }
    }

    @Test("one's own session can be ended from another; nobody else's can")
    func endOther() async throws {
        try await withFund { fund in
            let home = try await fund.organisation()
            let person = try await fund.person(in: home, role: .localAuthority, [.laEditor])
            let colleague = try await fund.signIn(try await fund.person(in: home, role: .localAuthority, [.laEditor]))
            let first = try await fund.signIn(person)
            let second = try await fund.signIn(person)
            let id = try #require(try await fund.core.account.sessions(first).first { !$0.isCurrent }?.id)
            let refusal = await #expect(throws: Refusal.self) {
                try await fund.core.account.endSession(colleague, id)
            }
            #expect(refusal?.kind == .notFound)
            #expect(await !isSignedOut(fund.core, second))
            try await fund.core.account.endSession(first, id)
            #expect(await isSignedOut(fund.core, second))
            #expect(await !isSignedOut(fund.core, first))
        }
    }

    @Test("suspension ends sessions and tokens at the next request, on every server")
    func suspension() async throws {
        try await withFund { fund in
            let (other, database) = try fund.anotherServer()
            let administrator = try await fund.administrator()
            let person = try await fund.person(in: try await fund.organisation(), role: .localAuthority, [.laEditor])
            let actor = try await fund.signIn(person)
            let program = try await fund.signIn(person, kind: "api")
            #expect(await !isSignedOut(other, actor))
            let version = try await fund.core.people.detail(administrator, person).person.version
            try await fund.core.people.suspend(
                administrator, person, version: version, reason: "Suspended while an enquiry is under way")
            #expect(await isSignedOut(other, actor))
            #expect(await isSignedOut(other, program))
            try await fund.core.people.reinstate(administrator, person, version: version + 1)
            #expect(await isSignedOut(other, actor))
            await database.shutdown()
        }
    }

    @Test("a new passphrase ends all other sessions; the old one no longer works")
    func changePassphrase() async throws {
        try await withFund { fund in
            let newcomer = try await fund.newcomer()
            let first = Actor(credential: Credential(token: try await fund.token(newcomer)), requestID: "t")
            let second = Actor(credential: Credential(token: try await fund.token(newcomer)), requestID: "t")
            let wrong = await #expect(throws: Refusal.self) {
                try await fund.core.account.changePassphrase(
                    first, current: "not my passphrase at all", new: "another good passphrase")
            }
            #expect(wrong?.problems.first?.field == "current")
            try await fund.core.account.changePassphrase(
                first, current: Newcomer.passphrase, new: "another good passphrase")
            #expect(await !isSignedOut(fund.core, first))
            #expect(await isSignedOut(fund.core, second))
            let old = await #expect(throws: Refusal.self) {
                try await fund.core.signIn.begin(email: newcomer.email, passphrase: Newcomer.passphrase, source: nil)
            }
            #expect(old?.code == "sign_in_failed")
            _ = try await fund.core.signIn.begin(
                email: newcomer.email, passphrase: "another good passphrase", source: nil)
        }
    }
}
