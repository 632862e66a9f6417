import Domain
import Postgres
import Testing

@testable import Services

@Suite("The platform")
struct PlatformTests {
    private static let one = Statement<Int>("t.one", "select 1") { row in try row.read() }
    private static let text = Statement<String>("t.text", "select 'a'::text") { row in try row.read() }

    /// Packs of several sizes through async functions, answered and refused: Swift has had faults here.
    @Test("reads of any number of steps answer, refuse and fail without upsetting anything")
    func reads() async throws {
        try await withFund { fund in
            let actor = try await fund.actor(.laEditor, in: try await fund.organisation())
            let nobody = Actor(credential: Credential(token: "nobody"), requestID: "t")
            let platform = fund.core.platform
            let bad = Statement<Int>("t.bad", "select 1 / 0") { row in try row.read() }
            for _ in 0..<20 {
                let (_, a, b, c, d) = try await platform.read(
                    "t", actor, Self.one.one, Self.text.many, Self.one.optional, Self.one.one)
                #expect(a == 1 && b == ["a"] && c == 1 && d == 1)
                let (subject, e) = try await platform.report("t", actor, Self.text.one)
                #expect(e == "a" && subject.holds(.laEditor))
                let refusal = await #expect(throws: Refusal.self) {
                    try await platform.read("t", nobody, Self.one.one, Self.text.one)
                }
                #expect(refusal?.code == "signed_out")
                await #expect(throws: StatementError.self) {
                    try await platform.read("t", actor, Self.text.one, bad.one, Self.one.one)
                }
                #expect(try await platform.systemRead("t", Self.one.one) == 1)
            }
        }
    }

    @Test("a read is one round trip, a write is two")
    func roundTrips() async throws {
        try await withFund { fund in
            let administrator = try await fund.administrator()
            let person = try await fund.person(in: try await fund.organisation(), role: .localAuthority)
            _ = try await fund.core.people.detail(administrator, person)
            let before = fund.app.flights
            _ = try await fund.core.people.detail(administrator, person)
            try await fund.core.people.suspend(
                administrator, person, version: 2, reason: "This is a reason that is long enough")
            let after = fund.app.flights
            #expect(after.read - before.read == 1)
            #expect(after.write - before.write <= 3)
        }
    }

    @Test(
        "every own SQLSTATE is a refusal with a sentence",
        arguments: ["TS001", "TS002", "TS003", "TS004", "TS005", "TS006", "TS007", "TS008", "TS009", "TS010", "TS011"])
    func ownStates(state: String) throws {
        let error = StatementError(
            kind: .server, statement: "t", sqlState: SQLState(rawValue: state), message: "SOD_W_AP")
        let refusal = try #require(Refusals.refusal(error))
        #expect(refusal.sentence.count > 10)
        if state == "TS003" { #expect(refusal.code == "SOD_W_AP") }
    }

    @Test("unknown failures stay faults; load and lost connections are refusals to try again")
    func faults() throws {
        func map(_ state: String) -> Refusal? {
            Refusals.refusal(
                StatementError(kind: .server, statement: "t", sqlState: SQLState(rawValue: state), message: ""))
        }
        #expect(map("22012") == nil)
        #expect(map("42601") == nil)
        for state in ["23503", "23514", "22003"] { #expect(map(state)?.kind == .invalid) }
        for state in ["40001", "40P01", "55P03", "57014", "53300", "57P01"] {
            #expect(map(state)?.kind == .unavailable)
            #expect(map(state)?.retryAfter != nil)
        }
        #expect(Refusals.mapped(ConnectionLost(.closed)) as? Refusal == Refusals.unavailable)
        #expect(Refusals.mapped(PoolExhausted(.timedOut, lane: .write)) as? Refusal == Refusals.unavailable)
        #expect(Refusals.mapped(WireError(what: "x")) is WireError)
    }

    @Test("ids are UUIDs of version 7 that sort by time")
    func ids() async throws {
        let first = PersonID.fresh()
        try await Task.sleep(for: .milliseconds(3))
        let second = PersonID.fresh()
        #expect(first < second)
        #expect(Array(first.description)[14] == "7")
        #expect("89ab".contains(Array(first.description)[19]))
        #expect(PersonID(wire: first.wire) == first)
    }
}
