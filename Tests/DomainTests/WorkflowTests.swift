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
    .monitoringReturn: """
    - plan scheduled signatory,system
    scheduled open open system
    open begin in_progress la_editor
    in_progress send_for_certification in_certification la_editor
    in_certification decline_certification in_progress la_certifier
    in_certification submit submitted la_certifier
    submitted begin_review under_review programme_officer
    under_review request_changes changes_requested programme_officer
    under_review accept accepted programme_officer
    under_review accept_with_issues accepted_with_issues programme_officer
    changes_requested resume in_progress la_editor
    reopened resume in_progress la_editor
    accepted reopen reopened senior_officer_responsible
    accepted_with_issues reopen reopened senior_officer_responsible
    scheduled waive waived senior_officer_responsible
    open waive waived senior_officer_responsible
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
    .evaluationPlan: """
    - create not_started system
    not_started start drafting evaluation_author
    drafting send_for_comment la_comment evaluation_author
    revise send_for_comment la_comment evaluation_author
    amended send_for_comment la_comment evaluation_author
    la_comment finish_comments la_comment la_certifier,la_editor
    la_comment submit submitted evaluation_author
    revise submit submitted evaluation_author
    submitted begin_review in_review review_lead
    in_review ask_to_revise revise review_lead
    in_review approve approved review_lead
    approved register registered evaluation_author
    registered begin active evaluation_author,system
    registered amend amended evaluation_author
    active amend amended evaluation_author
    amended adopt approved evaluation_author
    active complete completed evaluation_author,system
    not_started agree_to_abandon not_started review_lead
    drafting agree_to_abandon drafting review_lead
    la_comment agree_to_abandon la_comment review_lead
    submitted agree_to_abandon submitted review_lead
    in_review agree_to_abandon in_review review_lead
    revise agree_to_abandon revise review_lead
    approved agree_to_abandon approved review_lead
    registered agree_to_abandon registered review_lead
    active agree_to_abandon active review_lead
    amended agree_to_abandon amended review_lead
    not_started abandon abandoned senior_officer_responsible
    drafting abandon abandoned senior_officer_responsible
    la_comment abandon abandoned senior_officer_responsible
    submitted abandon abandoned senior_officer_responsible
    in_review abandon abandoned senior_officer_responsible
    revise abandon abandoned senior_officer_responsible
    approved abandon abandoned senior_officer_responsible
    registered abandon abandoned senior_officer_responsible
    active abandon abandoned senior_officer_responsible
    amended abandon abandoned senior_officer_responsible
    """,
    .review: """
    - invite invited review_lead
    invited accept accepted reviewer
    invited decline declined reviewer
    accepted check_interests coi_checked review_lead,reviewer
    coi_checked begin in_progress reviewer
    in_progress submit submitted reviewer
    submitted ask_to_clarify clarification review_lead
    clarification clarify submitted reviewer
    submitted finalise final review_lead
    accepted declare_interest locked reviewer
    coi_checked declare_interest locked reviewer
    in_progress declare_interest locked reviewer
    submitted declare_interest locked reviewer
    clarification declare_interest locked reviewer
    final declare_interest locked reviewer
    locked manage coi_checked review_lead
    locked recuse withdrawn review_lead
    invited release withdrawn review_lead
    accepted release withdrawn review_lead
    coi_checked release withdrawn review_lead
    in_progress release withdrawn review_lead
    """,
    .evaluationReport: """
    - start drafting evaluation_author
    drafting send_for_fact_check la_fact_check evaluation_author
    la_fact_check finish_fact_check la_fact_check la_certifier,la_editor
    la_fact_check submit submitted evaluation_author
    revise submit submitted evaluation_author
    submitted begin_review peer_review review_lead
    peer_review ask_to_revise revise review_lead
    peer_review sign_off signed_off review_lead
    signed_off schedule publication_scheduled evaluation_author,programme_officer,review_lead
    publication_scheduled schedule publication_scheduled evaluation_author,programme_officer,review_lead
    delayed schedule publication_scheduled evaluation_author,programme_officer,review_lead
    signed_off publish published evaluation_author,review_lead,system
    publication_scheduled publish published evaluation_author,review_lead,system
    delayed publish published evaluation_author,review_lead,system
    signed_off delay delayed programme_officer,senior_officer_responsible
    publication_scheduled delay delayed programme_officer,senior_officer_responsible
    delayed renew_delay delayed senior_officer_responsible
    published propose_correction published evaluation_author
    corrected propose_correction corrected evaluation_author
    published correct corrected review_lead
    corrected correct corrected review_lead
    published withdraw withdrawn review_lead
    corrected withdraw withdrawn review_lead
    """,
    .practice: """
    - create draft la_editor,programme_officer,reviewer
    draft check ww_checked review_lead,reviewer
    under_review check ww_checked review_lead,reviewer
    ww_checked return draft programme_officer,review_lead,reviewer
    ww_checked publish published programme_officer
    published begin_review under_review programme_officer,review_lead,reviewer
    published retire retired review_lead,senior_officer_responsible
    under_review retire retired review_lead,senior_officer_responsible
    """,
    .evidenceRating: """
    - open not_rated reviewer
    not_rated propose proposed reviewer
    proposed propose proposed reviewer
    proposed send_to_panel panel reviewer
    panel return proposed rating_panel
    panel agree agreed rating_panel
    agreed flag review_needed review_lead,reviewer,system
    agreed supersede superseded system
    review_needed supersede superseded system
    """,
    .adoptionDecision: """
    - identify option_identified programme_officer
    option_identified assemble evidence_pack programme_officer
    evidence_pack assemble evidence_pack programme_officer
    evidence_pack recommend recommended programme_officer,senior_officer_responsible
    recommended return evidence_pack approver,senior_officer_responsible
    recommended approve approved approver,senior_officer_responsible
    approved announce announced senior_officer_responsible
    announced review reviewed programme_officer,senior_officer_responsible
    reviewed review reviewed programme_officer,senior_officer_responsible
    """,
    .laAdoption: """
    - declare aware la_certifier
    aware consider considering la_certifier
    aware pilot adopted_pilot la_certifier
    considering pilot adopted_pilot la_certifier
    aware adopt adopted_full la_certifier
    considering adopt adopted_full la_certifier
    adopted_pilot adopt adopted_full la_certifier
    adopted_full sustain sustained la_certifier
    adopted_pilot confirm adopted_pilot la_certifier
    adopted_full confirm adopted_full la_certifier
    sustained confirm sustained la_certifier
    adopted_pilot stop stopped la_certifier
    adopted_full stop stopped la_certifier
    sustained stop stopped la_certifier
    aware reject rejected la_certifier
    considering reject rejected la_certifier
    stopped reconsider considering la_certifier
    rejected reconsider considering la_certifier
    """,
    .capacityAssessment: """
    - open opened la_certifier,la_editor,system
    opened begin in_progress la_certifier,la_editor
    in_progress certify certified la_certifier
    certified reopen in_progress la_certifier
    certified moderate moderated la_certifier
    certified lock locked la_certifier,system
    moderated lock locked la_certifier,system
    """,
    .followUp: """
    - schedule scheduled system
    scheduled open open system
    open answer returned la_certifier,la_editor
    no_response answer returned la_certifier,la_editor
    returned return open programme_officer
    returned accept accepted programme_officer
    open give_up no_response system
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
