import Domain
import FoundationEssentials
import Hummingbird
import Services

/// Awards and agreements.
extension RouteTable {
    static let awardAPI: [Route] = [
        .api(
            .get, "/awards", "listAwards", "Awards that you may see, newest first", .awardList,
            query: Route.Parameter.list + [
                .init(name: "state", about: "Only in this state.", schema: .codes(Award.State.self))
            ], gives: .list("AwardRow")
        ) { call in
            let filter = AwardFilter(
                state: call.parameters.optional("state").flatMap { Award.State(rawValue: $0) })
            return call.rows(try await call.core.awards.list(call.actor, page: call.list, filter: filter), \.json)
        },
        .api(
            .post, "/bids/{id}/award", "draftAward", "Start the award of an approved bid", .awardDraft,
            gives: .created("Created"), once: true
        ) { call in
            let id = try await call.core.awards.draft(call.actor, try call.id(), once: call.once)
            return .created("/api/v1/awards/\(id)", .object([("id", .of(id))]))
        },
        .api(.get, "/awards/{id}", "getAward", "The whole story of an award", .awardRead, gives: .one("Award")) {
            call in
            let detail = try await call.core.awards.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.award.version)
        },
        .transition(
            "/awards/{id}/offer", "offerAward", "Offer", .awardOffer, body: MoneySchema.offer, once: true
        ) {
            try await $0.core.awards.offer(
                $0.actor, try $0.id(), version: $0.version, contentHash: $0.body("contentHash"), once: $0.once)
        },
        .transition(
            "/awards/{id}/acceptance", "acceptAward", "Accept for the authority", .awardAccept,
            body: MoneySchema.acceptance, once: true
        ) {
            try await $0.core.awards.accept(
                $0.actor, try $0.id(), version: $0.version, contentHash: $0.body("contentHash"),
                councilDecision: $0.optional("councilDecision"), once: $0.once)
        },
        .transition(
            "/awards/{id}/refusal", "declineAward", "Decline for the authority", .awardDecline, body: FundSchema.reason,
            once: true
        ) {
            try await $0.core.awards.decline(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"), once: $0.once)
        },
        .transition(
            "/awards/{id}/signature", "signAward", "Sign for the department", .awardSign, body: MoneySchema.signature,
            once: true
        ) { call in
            var signature = AwardSignature()
            signature.ggisReference = call.body("ggisReference")
            signature.evaluatorName = call.optional("evaluatorName")
            signature.evaluatorDueOn = call.day("evaluatorDueOn")
            signature.protocolDueOn = call.day("protocolDueOn")
            try await call.core.awards.sign(
                call.actor, try call.id(), version: call.version, contentHash: call.body("contentHash"), signature,
                once: call.once)
        },
        .transition("/awards/{id}/activation", "activateAward", "Put into force", .awardActivate, once: true) {
            try await $0.core.awards.activate($0.actor, try $0.id(), version: $0.version, once: $0.once)
        },
        .transition(
            "/awards/{id}/suspension", "suspendAward", "Stop payments", .awardSuspend, body: FundSchema.reason
        ) {
            try await $0.core.awards.suspend($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition(
            "/awards/{id}/resumption", "resumeAward", "Let payments go on", .awardResume, body: FundSchema.reason
        ) {
            try await $0.core.awards.resume($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition(
            "/awards/{id}/completion-declaration", "declareAwardComplete", "Declare complete", .awardDeclareComplete
        ) {
            try await $0.core.awards.declareComplete($0.actor, try $0.id(), version: $0.version)
        },
        .transition("/awards/{id}/completion", "completeAward", "Record that it is complete", .awardComplete) {
            try await $0.core.awards.complete($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/awards/{id}/reconciliation", "reconcileAward", "Reconcile the accounts", .awardReconcile,
            body: MoneySchema.reconciliation
        ) {
            try await $0.core.awards.reconcile(
                $0.actor, try $0.id(), version: $0.version, note: $0.body("note"), assets: $0.body("assets"))
        },
        .transition("/awards/{id}/closure", "closeAward", "Close", .awardClose, once: true) {
            try await $0.core.awards.close($0.actor, try $0.id(), version: $0.version, once: $0.once)
        },
        .transition(
            "/awards/{id}/termination", "terminateAward", "End early", .awardTerminate, body: MoneySchema.termination,
            once: true
        ) {
            try await $0.core.awards.terminate(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"),
                recovery: $0.optional("recovery").flatMap { Money($0) }, once: $0.once)
        },
        .api(
            .post, "/awards/{id}/recoveries", "receiveRecovery", "Record that money came back", .recoveryReceive,
            body: MoneySchema.recovery
        ) { call in
            try await call.core.awards.receive(
                call.actor, try call.id(), recovery: try call.bodyID("recovery"),
                version: call.json["version"]?.integer ?? 0, on: call.day("receivedOn") ?? Day(number: 0))
            return .noContent()
        },
    ]

    static let agreementAPI: [Route] = [
        .api(
            .get, "/awards/{id}/agreement", "getAgreement", "The agreement: the draft, or the newest version",
            .awardRead,
            query: [
                .init(name: "number", about: "This version of it.", schema: .integer(1...1000))
            ], gives: .one("Agreement")
        ) { call in
            let view = try await call.core.awards.agreement(
                call.actor, try call.id(), number: call.parameters.optional("number").flatMap { Int($0) })
            return .json(view.json, etag: view.award.version)
        },
        .api(
            .put, "/awards/{id}/agreement", "saveAgreement", "Save the draft", .awardEdit, body: MoneySchema.agreement,
            gives: .one("Saved"), versioned: true
        ) { call in
            let version = try await call.core.awards.save(
                call.actor, try call.id(), version: call.version, try call.content(Agreement.self))
            return .json(.object([("version", .int(version))]), etag: version)
        },
        .transition(
            "/awards/{id}/quality-check", "checkAgreement", "Check the agreement, as a second officer",
            .awardQualityCheck
        ) {
            try await $0.core.awards.qualityCheck($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/awards/{id}/return", "returnAgreement", "Send the agreement back", .awardReturn, body: FundSchema.reason
        ) {
            try await $0.core.awards.return($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .api(
            .post, "/awards/{id}/departures", "approveDeparture", "Allow a departure", .awardApproveDeparture,
            body: MoneySchema.departure
        ) { call in
            guard let subject = Agreement.Departure.Subject(rawValue: call.body("from")) else {
                throw WebRefusal.malformed("body_not_acceptable", "Send what is departed from.")
            }
            try await call.core.awards.approveDeparture(
                call.actor, try call.id(), from: subject, reason: call.body("reason"))
            return .noContent()
        },
        .api(
            .post, "/awards/{id}/condition-findings", "findCondition", "Record whether a condition is met",
            .awardFindCondition, body: MoneySchema.finding
        ) { call in
            try await call.core.awards.findCondition(
                call.actor, try call.id(), code: call.body("code"), met: call.json["met"]?.bool ?? false,
                evidence: call.body("evidence"))
            return .noContent()
        },
        .api(
            .post, "/awards/{id}/bank-accounts", "enterBankAccount", "Enter bank details", .bankEnter,
            body: MoneySchema.bankDetails, gives: .created("Created")
        ) { call in
            let award: AwardID = try call.id()
            let id = try await call.core.bankAccounts.enter(call.actor, for: award, call.bankDetails)
            return .created("/api/v1/awards/\(award)", .object([("id", .of(id))]))
        },
        .api(
            .post, "/awards/{id}/bank-verifications", "verifyBankAccount", "Verify bank details", .bankVerify,
            body: MoneySchema.bankVerification
        ) { call in
            try await call.core.bankAccounts.verify(
                call.actor, for: try call.id(), try call.bodyID("bankAccount"), call.bankDetails)
            return .noContent()
        },
        .api(
            .post, "/awards/{id}/bank-looks", "lookAtBankAccount", "See bank details in full, on the record",
            .bankUnmask, body: MoneySchema.bankLook, gives: .one("BankAccount")
        ) { call in
            let id: BankAccountID = try call.bodyID("bankAccount")
            let bank = try await call.core.bankAccounts.unmask(
                call.actor, for: try call.id(), id, reason: call.body("reason"))
            return .json(
                .object([
                    ("id", .of(id)), ("name", .text(bank.name)), ("sortCode", .text(bank.sortCode)),
                    ("account", .text(bank.account)),
                ]))
        },
    ]

    static let variationAPI: [Route] = [
        .api(
            .post, "/variations", "draftVariation", "Begin a variation of an award", .variationDraft,
            body: MoneySchema.newVariation, gives: .created("Created"), once: true
        ) { call in
            let id = try await call.core.variations.draft(
                call.actor, try call.bodyID("award"), try call.content(Variation.Content.self, of: "content"),
                once: call.once)
            return .created("/api/v1/variations/\(id)", .object([("id", .of(id))]))
        },
        .api(.get, "/variations/{id}", "getVariation", "A variation", .variationRead, gives: .one("Variation")) {
            call in
            let detail = try await call.core.variations.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.variation.version)
        },
        .api(
            .put, "/variations/{id}", "saveVariation", "Save a draft", .variationEdit, body: MoneySchema.variation,
            gives: .one("Saved"), versioned: true
        ) { call in
            let version = try await call.core.variations.save(
                call.actor, try call.id(), version: call.version, try call.content(Variation.Content.self))
            return .json(.object([("version", .int(version))]), etag: version)
        },
        .transition("/variations/{id}/submission", "submitVariation", "Submit", .variationSubmit, once: true) {
            try await $0.core.variations.submit($0.actor, try $0.id(), version: $0.version, once: $0.once)
        },
        .transition(
            "/variations/{id}/assessment", "assessVariation", "Assess", .variationAssess, body: MoneySchema.assessment
        ) {
            try await $0.core.variations.assess(
                $0.actor, try $0.id(), version: $0.version, assessment: $0.body("assessment"))
        },
        .transition(
            "/variations/{id}/approval", "approveVariation", "Approve", .variationApprove,
            body: MoneySchema.variationApproval, once: true
        ) {
            try await $0.core.variations.approve(
                $0.actor, try $0.id(), version: $0.version, uplift: $0.optional("uplift").flatMap { ApprovalID($0) },
                once: $0.once)
        },
        .transition(
            "/variations/{id}/rejection", "rejectVariation", "Refuse", .variationReject, body: FundSchema.reason,
            once: true
        ) {
            try await $0.core.variations.reject(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"), once: $0.once)
        },
        .transition(
            "/variations/{id}/withdrawal", "withdrawVariation", "Withdraw", .variationWithdraw, body: FundSchema.reason
        ) {
            try await $0.core.variations.withdraw(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition("/variations/{id}/effect", "effectVariation", "Put into effect", .variationTakeEffect, once: true) {
            try await $0.core.variations.takeEffect($0.actor, try $0.id(), version: $0.version, once: $0.once)
        },
    ]
}

extension Call {
    /// Bank details of the body.
    fileprivate var bankDetails: BankDetails {
        BankDetails(name: body("name"), sortCode: body("sortCode"), account: body("account"))
    }
}
