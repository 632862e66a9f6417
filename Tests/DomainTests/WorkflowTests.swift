import Testing

@testable import Domain

/// The tables again, written by hand from the specification: from, event, to, actors. Whatever is not here must not exist.
private let oracle: [Machine: String] = [
    .programme: """
    - create draft programme_officer
    draft submit in_approval programme_officer
    in_approval approve approved approver
    in_approval reject rejected approver
    in_approval return draft approver
    approved open open senior_officer_responsible
    open suspend suspended senior_officer_responsible
    suspended resume open senior_officer_responsible
    open begin_closing closing senior_officer_responsible
    """,
    .round: """
    - create draft programme_officer
    draft approve approved approver
    approved schedule scheduled system
    scheduled open open system
    open extend open senior_officer_responsible
    open close closed system
    closed begin_appraisal appraising programme_officer
    appraising decide decided approver
    draft cancel cancelled senior_officer_responsible
    approved cancel cancelled senior_officer_responsible
    scheduled cancel cancelled senior_officer_responsible
    open cancel cancelled senior_officer_responsible
    closed cancel cancelled senior_officer_responsible
    appraising cancel cancelled senior_officer_responsible
    """,
    .bid: """
    - start draft la_editor
    draft send_for_certification in_certification la_editor
    in_certification decline_certification draft la_certifier
    in_certification submit submitted la_certifier
    submitted reopen draft la_certifier
    draft expire not_submitted system
    in_certification expire not_submitted system
    submitted check eligibility_check programme_officer
    eligibility_check find_eligible eligible programme_officer
    eligibility_check find_ineligible ineligible programme_officer
    eligible appraise appraised programme_officer,system
    appraised approve approved_for_offer approver
    appraised reserve reserve approver
    appraised decline declined approver
    draft withdraw withdrawn la_certifier
    in_certification withdraw withdrawn la_certifier
    submitted withdraw withdrawn la_certifier
    eligibility_check withdraw withdrawn la_certifier
    eligible withdraw withdrawn la_certifier
    appraised withdraw withdrawn la_certifier
    reserve withdraw withdrawn la_certifier
    approved_for_offer offer offered system
    """,
    .appraisal: """
    - assign assigned programme_officer
    assigned begin in_progress appraiser,reviewer
    in_progress submit submitted appraiser,reviewer
    submitted return returned programme_officer
    returned resume in_progress appraiser,reviewer
    submitted finalise final programme_officer
    """,
    .approval: """
    - prepare prepared programme_officer
    prepared clear finance_cleared finance
    finance_cleared refer_up referred_up approver,system
    finance_cleared first_key awaiting_second_key approver
    referred_up first_key awaiting_second_key approver
    finance_cleared approve approved approver
    referred_up approve approved approver
    awaiting_second_key approve approved approver
    finance_cleared reject rejected approver
    referred_up reject rejected approver
    awaiting_second_key reject rejected approver
    prepared return returned finance
    finance_cleared return returned approver
    referred_up return returned approver
    awaiting_second_key return returned approver
    prepared revise prepared programme_officer
    returned revise prepared programme_officer
    finance_cleared revise prepared programme_officer
    referred_up revise prepared programme_officer
    awaiting_second_key revise prepared programme_officer
    approved lapse lapsed system
    """,
    .award: """
    - draft drafting programme_officer
    drafting quality_check quality_checked programme_officer
    quality_checked return drafting approver,programme_officer,senior_officer_responsible
    quality_checked offer offered approver,senior_officer_responsible
    offered accept accepted la_certifier
    offered decline declined la_certifier
    offered expire expired system
    accepted sign signed_dept signatory
    signed_dept activate active signatory
    active suspend suspended senior_officer_responsible
    suspended resume active senior_officer_responsible
    active declare_complete active la_certifier
    active complete completed programme_officer
    completed reconcile completed finance
    completed close closed senior_officer_responsible
    drafting terminate terminated approver
    quality_checked terminate terminated approver
    offered terminate terminated approver
    accepted terminate terminated approver
    signed_dept terminate terminated approver
    active terminate terminated approver
    suspended terminate terminated approver
    completed terminate terminated approver
    """,
    .variation: """
    - draft draft la_editor,programme_officer
    draft submit submitted la_certifier,programme_officer
    submitted assess assessed programme_officer
    assessed approve approved approver
    submitted reject rejected approver
    assessed reject rejected approver
    draft withdraw withdrawn la_certifier,programme_officer
    submitted withdraw withdrawn la_certifier,programme_officer
    assessed withdraw withdrawn la_certifier,programme_officer
    approved take_effect in_effect signatory
    """,
    .claim: """
    - start draft la_editor
    draft send_for_certification in_certification la_editor
    in_certification decline_certification draft la_certifier
    in_certification submit submitted la_certifier
    submitted begin_check checking programme_officer
    checking query queried programme_officer
    queried answer checking la_certifier,la_editor
    checking verify verified programme_officer
    checking part_verify part_verified programme_officer
    checking reject rejected programme_officer
    verified return checking finance
    part_verified return checking finance
    approved_for_payment return checking finance
    verified approve approved_for_payment finance
    part_verified approve approved_for_payment finance
    approved_for_payment batch payment_batch system
    payment_batch unbatch approved_for_payment system
    payment_batch pay paid system
    paid request_reversal paid finance
    paid reverse reversed approver
    """,
    .paymentBatch: """
    - assemble open finance
    open release released payment_releaser
    open cancel cancelled finance,payment_releaser
    released confirm paid finance,payment_releaser
    """,
    .person: """
    - invite invited administrator,la_user_administrator,system
    invited activate active system
    active suspend suspended administrator,la_user_administrator
    suspended reinstate active administrator,la_user_administrator
    invited leave left administrator,la_user_administrator
    active leave left administrator,la_user_administrator
    suspended leave left administrator,la_user_administrator
    """,
    .delegation: """
    - propose proposed administrator
    proposed activate active administrator,senior_officer_responsible
    proposed revoke revoked administrator,senior_officer_responsible
    active revoke revoked administrator,senior_officer_responsible
    active expire expired system
    """,
]

/// States that wait for objects of later issues: nothing leads to them, or out of them, yet.
private let later: [Machine: Set<String>] = [
    .programme: ["closed", "archived"], .round: ["announced"],
]

@Suite("Workflow")
struct WorkflowTests {
    @Test("every state times every event is as the specification says", arguments: Machine.allCases)
    func exhaustive(machine: Machine) throws {
        let rows = try #require(oracle[machine]).split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        var expected: [String: (to: String, actors: String)] = [:]
        for row in rows { expected["\(row[0] == "-" ? "" : row[0]) \(row[1])"] = (row[2], row[3]) }
        #expect(expected.count == rows.count, "the oracle itself says everything once")
        for state in [""] + machine.states {
            for event in machine.events {
                let row = Workflow.next(machine, from: state, event: event)
                let want = expected.removeValue(forKey: "\(state) \(event)")
                #expect(row?.to == want?.to, "\(machine): \(event) from “\(state)”")
                #expect(
                    row?.actors.sorted().joined(separator: ",") == want?.actors, "\(machine): \(event) from “\(state)”")
            }
        }
        #expect(expected.isEmpty, "the oracle names no unknown state or event")
    }

    @Test("a state and an event have one outcome", arguments: Machine.allCases)
    func deterministic(machine: Machine) {
        let keys = Workflow.table(machine).map { "\($0.from) \($0.event)" }
        #expect(Set(keys).count == keys.count)
        #expect(Workflow.table(machine).allSatisfy { $0.machine == machine && !$0.actors.isEmpty })
    }

    @Test("every state can be reached, but for those that later issues open", arguments: Machine.allCases)
    func reachable(machine: Machine) {
        var reached: Set<String> = [""]
        var grew = true
        while grew {
            let next = Set(Workflow.table(machine).filter { reached.contains($0.from) }.map(\.to))
            grew = !next.isSubset(of: reached)
            reached.formUnion(next)
        }
        #expect(reached.subtracting([""]) == Set(machine.states).subtracting(later[machine] ?? []))
    }

    @Test("whoever acts can hold that capacity, and auditors never act")
    func actors() {
        for row in Workflow.transitions {
            #expect(!row.capacities.contains(.auditor))
            if row.capacities.contains(.administrator) { #expect([.person, .delegation].contains(row.machine)) }
        }
    }

    @Test("typed moves agree with the table, and the refusal says where the thing stands")
    func typed() throws {
        let move = try Workflow.move(BidEvent.submit, from: .inCertification)
        #expect(move.state == .submitted)
        #expect(move.transition.duty == .certified)
        #expect(try Workflow.move(BidEvent.start, from: nil).state == .draft)
        let refusal = attempt { () throws(Refusal) in try Workflow.move(BidEvent.submit, from: .submitted) }.refusal
        #expect(refusal?.kind == .conflict)
        #expect(refusal?.code == "wrong_state")
        #expect(refusal?.sentence.contains("“submitted”") == true)
        #expect(Workflow.events(AppraisalEvent.self, from: .submitted) == [.sendBack, .finalise])
    }

    @Test("silence never approves: no transition by the system alone leads to an approval")
    func silence() {
        let approving = Workflow.transitions.filter { ["approved", "approved_for_offer", "decided"].contains($0.to) }
        #expect(!approving.isEmpty)
        #expect(approving.allSatisfy { !$0.bySystem && !$0.capacities.isEmpty })
    }

    @Test("the printed forms have every row")
    func printing() {
        let count = Workflow.transitions.count
        #expect(Workflow.sql.split(separator: "\n").filter { $0.hasPrefix("    (") }.count == count)
        #expect(Workflow.sql.contains("('bid', 'eligible', 'appraise', 'appraised', '{programme_officer,system}')"))
        #expect(Workflow.sql.hasSuffix(";\n"))
        #expect(Workflow.dot.split(separator: "\n").filter { $0.contains(" -> ") }.count == count)
        #expect(
            Workflow.markdown.split(separator: "\n").filter { $0.hasPrefix("| `") || $0.hasPrefix("| –") }.count
                == count)
    }

    @Test("guards and audiences that exist are used, and each guard has its sentence")
    func guards() {
        let used = Set(Workflow.transitions.flatMap(\.guards))
        #expect(used == Set(Guard.allCases))
        #expect(Guard.allCases.allSatisfy { $0.sentence.hasSuffix(".") })
        #expect(Set(Workflow.transitions.flatMap(\.notifies)) == Set(Audience.allCases))
    }
}
