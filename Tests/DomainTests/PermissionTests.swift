import Foundation
import Testing

@testable import Domain

@Suite("Permissions")
struct PermissionTests {
    @Test("the table is the one that was agreed (golden file; TOUCHSTONE_UPDATE_GOLDEN=1 rewrites it)")
    func golden() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "permissions.golden.tsv")
        if ProcessInfo.processInfo.environment["TOUCHSTONE_UPDATE_GOLDEN"] == "1" {
            try Data(Permission.tsv.utf8).write(to: file)
        }
        let agreed = try String(contentsOf: file, encoding: .utf8)
        for (now, then) in zip(Permission.tsv.split(separator: "\n"), agreed.split(separator: "\n")) where now != then {
            Issue.record("now:  \(now)\nthen: \(then)")
        }
        #expect(Permission.tsv == agreed)
    }

    /// Facts under which every condition can hold for a subject, in turn as owner, stranger, assignee, evaluator and one who is
    /// independent of both.
    private static func favourable(_ subject: Subject) -> [Permission.Facts] {
        [subject.person, .number(99)].map { person in
            Permission.Facts(
                organisation: subject.organisation, department: subject.organisation, person: person,
                assignees: [subject.person], sealed: false, published: true, scoresOpen: true)
        }
            + [subject.organisation, .number(98)].map { evaluator in
                Permission.Facts(
                    organisation: .number(97), department: subject.organisation, assignees: [subject.person],
                    evaluator: evaluator)
            }
    }

    @Test(
        "each permission can be held by someone, and each of its capacities and roles really opens it",
        arguments: Action.allCases)
    func reachable(action: Action) {
        let permission = action.permission
        #expect(!permission.capacities.isEmpty || !permission.roles.isEmpty)
        for capacity in permission.capacities {
            let holder = subject(capacity.role, [capacity])
            #expect(
                Self.favourable(holder).contains { facts in
                    attempt { () throws(Refusal) in try Permission.authorise(action, subject: holder, facts: facts) }
                        .refusal == nil
                }, "\(action.rawValue) by \(capacity.rawValue)")
        }
        for role in permission.roles {
            let holder = subject(role)
            #expect(
                Self.favourable(holder).contains { facts in
                    attempt { () throws(Refusal) in try Permission.authorise(action, subject: holder, facts: facts) }
                        .refusal == nil
                }, "\(action.rawValue) by anyone of role \(role.rawValue)")
        }
    }

    @Test("whoever is not in the row is refused, whatever the facts", arguments: Action.allCases)
    func nobodyElse(action: Action) {
        let permission = action.permission
        for capacity in Capacity.allCases
        where !permission.capacities.contains(capacity) && !permission.roles.contains(capacity.role) {
            let stranger = subject(capacity.role, [capacity])
            for facts in Self.favourable(stranger) {
                let refusal = attempt { () throws(Refusal) in
                    try Permission.authorise(action, subject: stranger, facts: facts)
                }.refusal
                #expect(
                    refusal?.kind == (action.looksAtOne ? .notFound : .forbidden),
                    "\(action.rawValue) by \(capacity.rawValue)")
            }
        }
    }

    @Test("with no facts at all, nothing about an object is granted", arguments: Action.allCases)
    func failsClosed(action: Action) {
        guard action.permission.condition != .anyone else { return }
        for capacity in Capacity.allCases where capacity.role != .auditor {
            #expect(!Permission.allows(action, subject: subject(capacity.role, [capacity])))
        }
    }

    @Test("an auditor changes nothing but their own account")
    func auditorOnlyReads() {
        for action in Action.allCases where action.permission.writes && !["account", "token"].contains(action.noun) {
            #expect(!action.permission.capacities.contains(.auditor), "\(action.rawValue)")
            #expect(!action.permission.roles.contains(.auditor), "\(action.rawValue)")
        }
    }

    @Test(
        "an administrator holds no business: sees and does nothing with programmes, rounds, bids, appraisals, approvals"
    )
    func administratorHasNoBusiness() {
        let nouns: Set = ["programme", "round", "bid", "appraisal", "approval", "report"]
        for action in Action.allCases where nouns.contains(action.noun) {
            #expect(!action.permission.capacities.contains(.administrator), "\(action.rawValue)")
            #expect(!action.permission.roles.contains(.administrator), "\(action.rawValue)")
        }
    }

    @Test("changes rest on a capacity, never on a role alone, but for one's own account")
    func changesNeedCapacities() {
        for action in Action.allCases where action.permission.writes && !["account", "token"].contains(action.noun) {
            #expect(action.permission.roles.isEmpty, "\(action.rawValue)")
        }
    }

    /// Events that happen within another act.
    static let doneBy = [
        "approval.first_key": "approve", "monitoring_return.begin": "edit", "monitoring_return.resume": "edit",
        "monitoring_return.accept_with_issues": "accept", "monitoring_return.plan": "",
    ]

    @Test("permissions and workflow agree on who moves what")
    func agreesWithWorkflow() {
        for machine in Machine.allCases {
            let noun = [.person: "people", .monitoringReturn: "return"][machine] ?? machine.rawValue
            for event in machine.events {
                let rows = Workflow.table(machine).filter { $0.event == event }
                let who = Set(rows.flatMap(\.capacities))
                // The first key is turned by the act of approving.
                let name = Self.doneBy["\(machine.rawValue).\(event)"] ?? event
                // Returns are planned with the activation of the award.
                guard !who.isEmpty, name != "" else { continue }
                let action = Action(rawValue: "\(noun).\(name)")
                #expect(action != nil, "\(noun).\(name)")
                #expect(action.map { Set($0.permission.capacities) } == who, "\(noun).\(name)")
                #expect(action?.permission.writes == true)
            }
        }
    }

    @Test("each sentence is one, ends in a full stop, and is nobody else's")
    func sentences() {
        let sentences = Action.allCases.map(\.permission.sentence)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") && !$0.contains("  ") && !$0.contains("\t") })
        #expect(Set(sentences).count == sentences.count)
        #expect(Action.bidSubmit.permission.sentence == "Only a certifier of the lead authority can submit a bid.")
    }

    @Test("a bid is seen by its authority always, by others after the close, by other authorities never")
    func bidVisibility() {
        func sees(_ who: Subject, _ facts: Permission.Facts) -> Bool {
            Permission.allows(.bidRead, subject: who, facts: facts)
        }
        let before = Permission.Facts.of(bid(.submitted), in: round(.open), department: dept, assignees: [.number(9)])
        let after = Permission.Facts.of(bid(.submitted), in: round(.closed), department: dept, assignees: [.number(9)])
        let owner = subject(.localAuthority, [.laReader])
        let other = subject(.localAuthority, [.laReader], organisation: otherAuthority)
        #expect(sees(owner, before) && sees(owner, after))
        #expect(!sees(other, before) && !sees(other, after))
        for who in [
            subject(.department, [.seniorOfficerResponsible]), subject(.whatWorks, [.reviewer]),
            subject(.auditor, [.auditor]),
        ] {
            #expect(!sees(who, before), "\(who.role)")
            #expect(sees(who, after), "\(who.role)")
        }
        #expect(!sees(subject(.whatWorks, [.reviewer], person: .number(10)), after))
        #expect(!sees(subject(.department, [.approver], organisation: otherAuthority), after))
        #expect(!sees(subject(.administrator, [.administrator]), after))
        let refusal = attempt { () throws(Refusal) in try Permission.authorise(.bidRead, subject: other, facts: after) }
            .refusal
        #expect(refusal?.kind == .notFound)
    }

    @Test("scope of a capacity is respected", arguments: [Action.bidEdit, .bidSubmit, .roundExtend, .programmeEdit])
    func scope(action: Action) {
        let capacity = action.permission.capacities[0]
        let facts = Permission.Facts(
            organisation: capacity.role == .department ? dept : authority, department: dept, programme: .number(32),
            round: .number(31), bid: .number(30))
        func may(_ scope: HeldCapacity.Scope?) -> Bool {
            Permission.allows(action, subject: subject(capacity.role, [capacity], scope: scope), facts: facts)
        }
        #expect(may(nil) && may(.programme(.number(32))) && may(.round(.number(31))) && may(.bid(.number(30))))
        #expect(!may(.programme(.number(1))) && !may(.round(.number(1))) && !may(.bid(.number(1))))
        #expect(!may(.organisation(otherAuthority)))
    }

    @Test("a fresh proof of identity: 14:59 is fresh, 15:00 is not, none and a future one are not")
    func stepUp() {
        let facts = Permission.Facts(organisation: authority, department: dept, bid: .number(30), sealed: false)
        func code(_ at: Instant?) -> String? {
            let who = subject(.department, [.approver], steppedUpAt: at)
            return attempt { () throws(Refusal) in
                try Permission.authorise(.approvalApprove, subject: who, facts: facts)
            }.refusal?.code
        }
        #expect(code(noon) == nil)
        #expect(code(noon.adding(seconds: -899)) == nil)
        #expect(code(noon.adding(seconds: -900)) == "step_up_required")
        #expect(code(nil) == "step_up_required")
        #expect(code(noon.adding(seconds: 1)) == "step_up_required")
    }

    @Test("a token for reading changes nothing; a capacity for money needs a second factor")
    func tokens() {
        let facts = Permission.Facts(organisation: authority, department: dept, bid: .number(30), sealed: false)
        let reading = subject(.localAuthority, [.laEditor], mayWrite: false)
        let refusal = attempt { () throws(Refusal) in try Permission.authorise(.bidEdit, subject: reading, facts: facts)
        }.refusal
        #expect(refusal?.code == "read_only_token")
        #expect(refusal?.kind == .forbidden)
        #expect(Permission.allows(.bidRead, subject: reading, facts: facts))
        let bare = subject(.department, [.approver], secondFactor: false)
        let second = attempt { () throws(Refusal) in
            try Permission.authorise(.approvalApprove, subject: bare, facts: facts)
        }.refusal
        #expect(second?.code == "second_factor_required")
    }

    @Test("a grant says what it rests on and covers nothing else")
    func grant() throws {
        let facts = Permission.Facts(organisation: authority)
        let grant = try Permission.authorise(
            .bidSubmit, subject: subject(.localAuthority, [.laEditor, .laCertifier]), facts: facts)
        #expect(grant.capacity == .laCertifier)
        #expect(grant.covers(.bidSubmit) && !grant.covers(.bidEdit))
    }

    @Test("a capacity that does not belong to the role opens nothing, whatever put it there")
    func foreignCapacity() {
        let odd = subject(.administrator, [.approver])
        let facts = Permission.Facts(organisation: dept, department: dept, sealed: false)
        #expect(!Permission.allows(.approvalApprove, subject: odd, facts: facts))
    }

    @Test("a user administrator reaches their own authority and nobody of another, nor themselves")
    func userAdministrator() {
        let keeper = subject(.localAuthority, [.laUserAdministrator])
        func may(_ organisation: OrganisationID, _ person: PersonID) -> Bool {
            Permission.allows(
                .capacityGrant, subject: keeper, facts: Permission.Facts(organisation: organisation, person: person))
        }
        #expect(may(authority, .number(10)))
        #expect(!may(otherAuthority, .number(10)))
        #expect(!may(authority, keeper.person))
    }

    @Test("scenario 23: an administrator gives nothing to their own account")
    func selfGrant() {
        let keeper = subject(.administrator, [.administrator])
        let facts = Permission.Facts(organisation: dept, person: keeper.person)
        for action in [Action.capacityGrant, .delegationPropose, .delegationActivate, .peopleSuspend] {
            #expect(!Permission.allows(action, subject: keeper, facts: facts))
        }
    }
}
