import Testing

@testable import Domain

/// Every conflicting pair, written out by hand from the table of segregated duties (18 duties, 153 pairs). `v` after a
/// pair: only for the same version.
private let conflicting = """
    W-CEv W-AP W-CH W-PR W-FC W-AA W-SG W-VC W-FP W-RP W-EA W-RV W-PE W-RL W-RT W-RO W-AD
    CE-AP CE-CH CE-PR CE-FC CE-AA CE-SG CE-VC CE-FP CE-RP CE-EA CE-RV CE-PE CE-RL CE-RT CE-RO CE-AD
    AP-CH AP-PR AP-AA AP-RP AP-EA
    CH-PR CH-AA CH-RP CH-EA
    PR-FC PR-AA PR-RP PR-EA
    FC-AA FC-VC FC-EA
    AA-VC AA-FP AA-RP AA-EA
    SG-EA
    VC-FP VC-RP VC-EA
    FP-RP FP-EA
    RP-EA
    EA-RV EA-PE EA-RL EA-RT EA-RO EA-AD
    RV-RL RV-RT
    PE-RL PE-RT
    RL-RT
    RO-AD
    """

/// Every pair that one person may combine, by hand as well: together the two lists are all 153.
private let allowed = """
    AP-FC AP-SG AP-VC AP-FP AP-RV AP-PE AP-RL AP-RT AP-RO AP-AD
    CH-FC CH-SG CH-VC CH-FP CH-RV CH-PE CH-RL CH-RT CH-RO CH-AD
    PR-SG PR-VC PR-FP PR-RV PR-PE PR-RL PR-RT PR-RO PR-AD
    FC-SG FC-FP FC-RP FC-RV FC-PE FC-RL FC-RT FC-RO FC-AD
    AA-SG AA-RV AA-PE AA-RL AA-RT AA-RO AA-AD
    SG-VC SG-FP SG-RP SG-RV SG-PE SG-RL SG-RT SG-RO SG-AD
    VC-RV VC-PE VC-RL VC-RT VC-RO VC-AD
    FP-RV FP-PE FP-RL FP-RT FP-RO FP-AD
    RP-RV RP-PE RP-RL RP-RT RP-RO RP-AD
    RV-PE RV-RO RV-AD
    PE-RO PE-AD
    RL-RO RL-AD
    RT-RO RT-AD
    """

@Suite("Segregation of duties")
struct DutyTests {
    private static func pairs(_ text: String) -> [(Duty, Duty, Bool)] {
        text.split(whereSeparator: \.isWhitespace).map { pair in
            let parts = pair.split(separator: "-").map(String.init)
            let version = parts[1].hasSuffix("v")
            return (
                Duty(rawValue: parts[0])!, Duty(rawValue: version ? String(parts[1].dropLast()) : parts[1])!, version
            )
        }
    }

    @Test("all 153 pairs are as the table says, both ways round")
    func allPairs() {
        let denied = Self.pairs(conflicting)
        let free = Self.pairs(allowed)
        #expect(Duty.allCases.count == 18)
        #expect(denied.count + free.count == 153)
        #expect(Set((denied + free).map { Set([$0.0, $0.1]) }).count == 153)
        for (one, other, version) in denied {
            let want: Duty.Reach = version ? .version : .case
            #expect(Duty.conflict(one, other) == want, "\(one.rawValue)-\(other.rawValue)")
            #expect(Duty.conflict(other, one) == want, "\(other.rawValue)-\(one.rawValue)")
        }
        for (one, other, _) in free {
            #expect(Duty.conflict(one, other) == nil, "\(one.rawValue)-\(other.rawValue)")
            #expect(Duty.conflict(other, one) == nil, "\(other.rawValue)-\(one.rawValue)")
        }
        #expect(Duty.allCases.allSatisfy { Duty.conflict($0, $0) == nil })
    }

    @Test("scenario 3: who edited this version does not certify it, with a stable code")
    func editorCertifies() {
        let me: PersonID = .number(1)
        let ledger = [Duty.Performed(person: me, duty: .wrote, version: 2)]
        let refusal = Duty.check(.certified, by: me, version: 2, ledger: ledger)
        #expect(refusal?.code == "SOD_W_CE")
        #expect(refusal?.kind == .forbidden)
        #expect(Duty.check(.certified, by: me, version: 3, ledger: ledger) == nil)
        #expect(Duty.check(.certified, by: .number(2), version: 2, ledger: ledger) == nil)
        #expect(Duty.check(.approved, by: me, ledger: ledger)?.code == "SOD_W_AA")
    }

    @Test("no history that is accepted puts one person into two denied duties")
    func randomHistories() {
        // A fixed linear congruential generator: random enough to mix, the same in every run.
        var seed: UInt64 = 42
        func next(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(bound))
        }
        for _ in 0..<300 {
            var ledger: [Duty.Performed] = []
            for _ in 0..<60 {
                let row = Duty.Performed(
                    person: .number(UInt8(next(4))), duty: Duty.allCases[next(18)], version: next(3))
                if Duty.check(row.duty, by: row.person, version: row.version, ledger: ledger) == nil {
                    ledger.append(row)
                }
            }
            for one in ledger {
                for other in ledger where one.person == other.person {
                    let conflict = Duty.conflict(one.duty, other.duty)
                    #expect(conflict != .case)
                    if conflict == .version { #expect(one.version != other.version) }
                }
            }
        }
    }

    @Test("codes of the database's trigger read back to the same refusal")
    func codes() {
        for one in Duty.allCases {
            for other in Duty.allCases {
                let refusal = Duty.refusal(already: one, new: other)
                #expect(Duty.refusal(code: refusal.code) == refusal)
            }
        }
        #expect(Duty.refusal(code: "SOD_W") == nil)
        #expect(Duty.refusal(code: "SOD_W_XX") == nil)
        #expect(Duty.refusal(code: "XOD_W_CE") == nil)
    }

    @Test("the printed rows are symmetric and name every conflict twice")
    func sql() {
        let rows = Duty.sql.split(separator: "\n").filter { $0.hasPrefix("    (") }
        #expect(rows.count == 2 * Self.pairs(conflicting).count)
        #expect(Duty.sql.contains("('W', 'CE', 'version')"))
        #expect(Duty.sql.contains("('CE', 'W', 'version')"))
    }
}
