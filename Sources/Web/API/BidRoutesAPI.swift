import Domain
import Hummingbird
import Services

/// Bids, with their sections.
extension RouteTable {
    static let bidAPI: [Route] =
        [
            .api(
                .get, "/bids", "listBids", "Bids that you may see, last changed first", .bidList,
                query: Route.Parameter.list + [
                    .init(name: "round", about: "Only of this round.", schema: .id),
                    .init(name: "state", about: "Only in this state.", schema: .codes(Bid.State.self)),
                    .init(name: "organisation", about: "Only of this authority.", schema: .id),
                ], gives: .list("BidRow")
            ) { call in
                let filter = BidFilter(
                    round: call.parameters.optional("round").flatMap { RoundID($0) },
                    state: call.parameters.optional("state").flatMap { Bid.State(rawValue: $0) },
                    organisation: call.parameters.optional("organisation").flatMap { OrganisationID($0) })
                let bytes = Array(try await call.core.bids.listJSON(call.actor, page: call.list, filter: filter).utf8)
                var response = Response.bytes(bytes, type: "application/json; charset=utf-8")
                call.link(nextCursor(bytes), &response)
                return response
            },
            .api(
                .post, "/bids", "startBid", "Start a draft in an open round", .bidStart, body: FundSchema.newBid,
                gives: .created("Created"), once: true
            ) { call in
                let id = try await call.core.bids.start(
                    call.actor, try call.bodyID("round"), title: call.body("title"), once: call.once)
                return .created("/api/v1/bids/\(id)", .object([("id", .of(id))]))
            },
            .api(.get, "/bids/{id}", "getBid", "A bid", .bidRead, gives: .one("Bid")) { call in
                let (json, version) = try await call.core.bids.detailJSON(call.actor, try call.id())
                return .bytes(Array(json.utf8), type: "application/json; charset=utf-8", etag: version)
            },
            .api(
                .get, "/bids/{id}/content", "getBidContent", "All that a bid says, as far as you may read it", .bidRead,
                gives: .one("BidContent")
            ) { call in
                .json(try await call.core.bids.content(call.actor, try call.id()).json)
            },
            .api(
                .get, "/bids/{id}/findings", "getBidFindings", "What was found on each eligibility rule", .bidRead,
                gives: .one("Findings")
            ) { call in
                let detail = try await call.core.bids.detail(call.actor, try call.id())
                return .json(.object([("items", .list(detail.findings, \.json)), ("next", .null)]))
            },
            .api(
                .get, "/bids/{id}/receipt", "getBidReceipt", "The receipt of the newest submission", .bidRead,
                gives: .one("Receipt")
            ) { call in
                .json(try await call.core.bids.receipt(call.actor, try call.id()).json)
            },
            .api(
                .post, "/bids/{id}/sealed-readings", "readSealedBid",
                "Read a bid before its round closes; the reason is recorded", .bidReadSealed,
                body: .object([
                    .required(
                        "reason", .text(most: BidRules.longestSealedReadingReason, least: Rules.shortestReason),
                        "Why it cannot wait until the round closes.")
                ]), gives: .one("SealedReading")
            ) { call in
                .json(
                    try await call.core.bids.readSealed(call.actor, try call.id(), reason: call.body("reason")).json)
            },
            .transition(
                "/bids/{id}/certification-request", "requestBidCertification", "Send to the certifier",
                .bidSendForCertification
            ) {
                try await $0.core.bids.sendForCertification($0.actor, try $0.id(), version: $0.version)
            },
            .transition(
                "/bids/{id}/certification-refusal", "declineBidCertification", "Send back to the editors",
                .bidDeclineCertification, body: FundSchema.reason
            ) {
                try await $0.core.bids.declineCertification(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
            },
            .api(
                .post, "/bids/{id}/submission", "submitBid", "Certify and submit", .bidSubmit,
                body: FundSchema.submission, gives: .created("Receipt"), versioned: true, once: true
            ) { call in
                let id: BidID = try call.id()
                let receipt = try await call.core.bids.submit(
                    call.actor, id, version: call.version, declarationVersion: call.body("declarationVersion"),
                    once: call.once)
                return .created("/api/v1/bids/\(id)/receipt", receipt.json)
            },
            .transition(
                "/bids/{id}/reopening", "reopenBid", "Take a submitted bid back to draft while the round is open",
                .bidReopen
            ) {
                try await $0.core.bids.reopen($0.actor, try $0.id(), version: $0.version)
            },
            .transition("/bids/{id}/withdrawal", "withdrawBid", "Withdraw", .bidWithdraw, body: FundSchema.reason) {
                try await $0.core.bids.withdraw($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
            },
            .transition("/bids/{id}/eligibility-check", "checkBid", "Evaluate the eligibility rules", .bidCheck) {
                _ = try await $0.core.bids.check($0.actor, try $0.id(), version: $0.version)
            },
            .transition("/bids/{id}/eligibility", "findBidEligible", "Find it eligible", .bidFindEligible) {
                try await $0.core.bids.findEligible($0.actor, try $0.id(), version: $0.version)
            },
            .transition(
                "/bids/{id}/ineligibility", "findBidIneligible", "Find it ineligible", .bidFindIneligible,
                body: FundSchema.reason
            ) {
                try await $0.core.bids.findIneligible(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
            },
            .transition(
                "/bids/{id}/reservation", "reserveBid", "Put it on the reserve list", .bidReserve,
                body: FundSchema.reason, once: true
            ) {
                try await $0.core.bids.reserve(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"), once: $0.once)
            },
            .transition(
                "/bids/{id}/decline", "declineBid", "Decline it", .bidDecline, body: FundSchema.reason, once: true
            ) {
                try await $0.core.bids.decline(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"), once: $0.once)
            },
            .api(
                .get, "/bids/{id}/scores", "getBidScores", "The scores, once all are final", .appraisalCompare,
                gives: .one("ScoreSummary")
            ) { call in
                .json(try await call.core.appraisals.summary(call.actor, try call.id()).json)
            },
            .api(
                .get, "/bids/{id}/assignable-people", "listAssignablePeople", "Who could appraise it", .appraisalAssign,
                gives: .one("AssignablePeople")
            ) { call in
                let people = try await call.core.appraisals.assignable(call.actor, try call.id())
                return .json(
                    .object([
                        (
                            "items",
                            .list(people) {
                                .object([
                                    ("id", .of($0.id)), ("name", .text($0.name)),
                                    ("organisationName", .text($0.organisationName)),
                                    ("kind", .code($0.kind)),
                                ])
                            }
                        ), ("next", .null),
                    ]))
            },
        ] + BidSection.allCases.flatMap(sectionRoutes)

    private static func sectionRoutes(_ section: BidSection) -> [Route] {
        let path = "/bids/{id}/sections/\(section.rawValue)"
        let name = section.rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return [
            .api(
                .get, path, "getBid\(name)", "\(section.title): as drafted or submitted", .bidRead,
                gives: .one("BidSection")
            ) { call in
                let view = try await call.core.bids.section(call.actor, try call.id(), section)
                return .json(view.json, etag: view.version)
            },
            .api(
                .put, path, "saveBid\(name)", "\(section.title): save the draft", .bidEdit, body: section.schema,
                gives: .one("Saved"), versioned: true
            ) { call in
                let version = try await call.core.bids.saveSection(
                    call.actor, try call.id(), section, content: try section.content(from: call), version: call.version)
                return .json(.object([("version", .int(version))]), etag: version)
            },
        ]
    }

    /// The cursor at the end of a list that PostgreSQL wrote, without reading the list: `"next" : "…"}`.
    private static func nextCursor(_ bytes: [UInt8]) -> String? {
        let tail = String(decoding: bytes.suffix(400), as: UTF8.self)
        guard let name = tail.ranges(of: "\"next\"").last else { return nil }
        let parts = tail[name.upperBound...].split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count == 3 ? String(parts[1]) : nil
    }
}

/// Appraisals and approvals.
extension RouteTable {
    static let appraisalAPI: [Route] = [
        .api(
            .get, "/appraisals", "listAppraisals", "Your own: those to do, the first due first, then the others",
            .appraisalList,
            query: Route.Parameter.list, gives: .list("AppraisalRow")
        ) { call in
            call.rows(try await call.core.appraisals.mine(call.actor, page: call.list), \.json)
        },
        .api(
            .post, "/appraisals", "assignAppraisal", "Assign a bid to an appraiser or reviewer", .appraisalAssign,
            body: FundSchema.assignment, gives: .created("Created"), once: true
        ) { call in
            guard let due = call.day("dueOn"), let kind = Criterion.Scorer(rawValue: call.body("kind")) else {
                throw WebRefusal.malformed("body_not_acceptable", "Send a day and a kind.")
            }
            let id = try await call.core.appraisals.assign(
                call.actor, try call.bodyID("bid"), try call.bodyID("person"), kind: kind, dueOn: due, once: call.once)
            return .created("/api/v1/appraisals/\(id)", .object([("id", .of(id))]))
        },
        .api(
            .get, "/appraisals/{id}", "getAppraisal", "An appraisal with guidance and what its appraiser reads",
            .appraisalRead, gives: .one("Appraisal")
        ) { call in
            let detail = try await call.core.appraisals.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.appraisal.version)
        },
        .transition("/appraisals/{id}/beginning", "beginAppraisal", "Begin", .appraisalBegin) {
            try await $0.core.appraisals.begin($0.actor, try $0.id(), version: $0.version)
        },
        .api(
            .put, "/appraisals/{id}/scores", "saveScores", "Save scores", .appraisalScore, body: FundSchema.scores,
            gives: .one("Saved"), versioned: true
        ) { call in
            let scores = try call.content([Score].self, of: "scores")
            let version = try await call.core.appraisals.saveScores(
                call.actor, try call.id(), version: call.version, scores)
            return .json(.object([("version", .int(version))]), etag: version)
        },
        .transition("/appraisals/{id}/submission", "submitAppraisal", "Submit", .appraisalSubmit) {
            try await $0.core.appraisals.submit($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/appraisals/{id}/return", "returnAppraisal", "Send back to its appraiser", .appraisalReturn,
            body: FundSchema.reason
        ) {
            try await $0.core.appraisals.return($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition("/appraisals/{id}/resumption", "resumeAppraisal", "Take up again", .appraisalResume) {
            try await $0.core.appraisals.resume($0.actor, try $0.id(), version: $0.version)
        },
        .transition("/appraisals/{id}/finalisation", "finaliseAppraisal", "Make final", .appraisalFinalise) {
            try await $0.core.appraisals.finalise($0.actor, try $0.id(), version: $0.version)
        },
    ]

    static let approvalAPI: [Route] = [
        .api(
            .get, "/approvals", "listApprovals", "Approvals, those in hand first", .approvalList,
            query: Route.Parameter.list, gives: .list("ApprovalRow")
        ) { call in
            call.rows(try await call.core.approvals.queue(call.actor, page: call.list), \.json)
        },
        .api(
            .post, "/approvals", "prepareApproval", "Prepare the approval of a bid", .approvalPrepare,
            body: FundSchema.newApproval, gives: .created("Created"), once: true
        ) { call in
            let id = try await call.core.approvals.prepare(
                call.actor, try call.bodyID("bid"), try call.content(Approval.Content.self, of: "content"),
                once: call.once)
            return .created("/api/v1/approvals/\(id)", .object([("id", .of(id))]))
        },
        .api(.get, "/approvals/{id}", "getApproval", "The whole case", .approvalRead, gives: .one("Approval")) { call in
            let detail = try await call.core.approvals.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.approval.version)
        },
        .api(
            .put, "/approvals/{id}", "reviseApproval", "Change the case; every key turned before lapses",
            .approvalRevise, body: FundSchema.approval, gives: .one("Saved"), versioned: true
        ) { call in
            let version = try await call.core.approvals.revise(
                call.actor, try call.id(), version: call.version, try call.content(Approval.Content.self))
            return .json(.object([("version", .int(version))]), etag: version)
        },
        .transition(
            "/approvals/{id}/clearance", "clearApproval", "Clear for finance; the budget is reserved", .approvalClear
        ) {
            try await $0.core.approvals.clear($0.actor, try $0.id(), version: $0.version)
        },
        .api(
            .post, "/approvals/{id}/keys", "turnKey", "Approve the content with this hash", .approvalApprove,
            body: FundSchema.key, gives: .one("ApprovalState"), versioned: true, once: true
        ) { call in
            let state = try await call.core.approvals.approve(
                call.actor, try call.id(), version: call.version, contentHash: call.body("contentHash"), once: call.once
            )
            return .json(.object([("state", .code(state))]))
        },
        .transition(
            "/approvals/{id}/referral", "referApprovalUp", "Refer to somebody with a higher limit", .approvalReferUp
        ) {
            try await $0.core.approvals.referUp($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/approvals/{id}/rejection", "rejectApproval", "Reject", .approvalReject, body: FundSchema.reason,
            once: true
        ) {
            try await $0.core.approvals.reject(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"), once: $0.once)
        },
        .transition(
            "/approvals/{id}/return", "returnApproval", "Send back to its preparer", .approvalReturn,
            body: FundSchema.reason
        ) {
            try await $0.core.approvals.return($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
    ]
}
