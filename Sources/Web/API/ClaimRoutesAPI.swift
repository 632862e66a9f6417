import Domain
import Hummingbird
import Services

/// Claims and payments.
extension RouteTable {
    static let claimAPI: [Route] = [
        .api(
            .get, "/claims", "listClaims", "Claims that you may see, newest first", .claimList,
            query: Route.Parameter.list + [
                .init(name: "state", about: "Only in this state.", schema: .codes(Claim.State.self))
            ], gives: .list("ClaimRow")
        ) { call in
            let filter = ClaimFilter(
                state: call.parameters.optional("state").flatMap { Claim.State(rawValue: $0) })
            return call.rows(try await call.core.claims.list(call.actor, page: call.list, filter: filter), \.json)
        },
        .api(
            .post, "/claims", "startClaim", "Start a claim for an instalment", .claimStart, body: MoneySchema.newClaim,
            gives: .created("Created"), once: true
        ) { call in
            let id = try await call.core.claims.start(
                call.actor, try call.bodyID("award"), position: call.json["position"]?.integer ?? 0, once: call.once)
            return .created("/api/v1/claims/\(id)", .object([("id", .of(id))]))
        },
        .api(.get, "/claims/{id}", "getClaim", "A claim with its lines", .claimRead, gives: .one("Claim")) { call in
            let detail = try await call.core.claims.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.claim.version)
        },
        .api(
            .put, "/claims/{id}", "saveClaim", "Save a draft whole", .claimEdit, body: MoneySchema.claim,
            gives: .one("Saved"), versioned: true
        ) { call in
            let version = try await call.core.claims.save(
                call.actor, try call.id(), version: call.version, try call.content(Claim.Content.self))
            return .json(.object([("version", .int(version))]), etag: version)
        },
        .transition(
            "/claims/{id}/certification", "sendClaimForCertification", "Send to a certifier", .claimSendForCertification
        ) {
            try await $0.core.claims.sendForCertification($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/claims/{id}/certification-refusal", "declineClaimCertification", "Send back to the editors",
            .claimDeclineCertification, body: FundSchema.reason
        ) {
            try await $0.core.claims.declineCertification(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition(
            "/claims/{id}/submission", "submitClaim", "Certify and submit", .claimSubmit, body: FundSchema.submission,
            once: true
        ) {
            try await $0.core.claims.submit(
                $0.actor, try $0.id(), version: $0.version, declarationVersion: $0.body("declarationVersion"),
                once: $0.once)
        },
        .transition("/claims/{id}/checking", "beginClaimCheck", "Begin the check", .claimBeginCheck) {
            try await $0.core.claims.beginCheck($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/claims/{id}/query", "queryClaim", "Ask the authority", .claimQuery, body: MoneySchema.question
        ) {
            try await $0.core.claims.query($0.actor, try $0.id(), version: $0.version, question: $0.body("question"))
        },
        .transition(
            "/claims/{id}/answer", "answerClaim", "Answer a question", .claimAnswer, body: MoneySchema.answer
        ) { call in
            let answer = try call.content(Answer.self)
            try await call.core.claims.answer(
                call.actor, try call.id(), version: call.version,
                evidence: Dictionary(answer.evidence.map { ($0.line, $0.evidence) }) { $1 }, reply: answer.reply)
        },
        .transition(
            "/claims/{id}/findings", "saveFindings", "Save findings on lines", .claimVerify, body: MoneySchema.findings
        ) { call in
            try await call.core.claims.saveFindings(
                call.actor, try call.id(), version: call.version,
                try call.content([Claim.Finding].self, of: "findings"))
        },
        .api(
            .post, "/claims/{id}/verification", "verifyClaim", "Finish the check: all, a part or nothing is verified",
            .claimVerify, body: MoneySchema.findings, gives: .one("ClaimState"), versioned: true, once: true
        ) { call in
            let state = try await call.core.claims.verify(
                call.actor, try call.id(), version: call.version,
                try call.content([Claim.Finding].self, of: "findings"), once: call.once)
            return .json(.object([("state", .code(state))]))
        },
        .transition(
            "/claims/{id}/rejection", "rejectClaim", "Reject", .claimReject, body: FundSchema.reason, once: true
        ) {
            try await $0.core.claims.reject(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"), once: $0.once)
        },
        .transition(
            "/claims/{id}/return", "returnClaim", "Send back to be checked again", .claimReturn, body: FundSchema.reason
        ) {
            try await $0.core.claims.return($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition("/claims/{id}/approval", "approveClaim", "Approve for payment", .claimApprove, once: true) {
            try await $0.core.claims.approve($0.actor, try $0.id(), version: $0.version, once: $0.once)
        },
        .transition(
            "/claims/{id}/reversal-request", "requestClaimReversal", "Ask for a reversal", .claimRequestReversal,
            body: FundSchema.reason
        ) {
            try await $0.core.claims.requestReversal(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition("/claims/{id}/reversal", "reverseClaim", "Reverse the payment", .claimReverse, once: true) {
            try await $0.core.claims.reverse($0.actor, try $0.id(), version: $0.version, once: $0.once)
        },
    ]

    /// What an answer to a question holds.
    private struct Answer: Decodable {
        struct Line: Decodable {
            let line: Int
            let evidence: String
        }
        let reply: String
        let evidence: [Line]
    }

    static let paymentAPI: [Route] = [
        .api(
            .get, "/payments", "listPaymentBatches", "Batches of payments, newest first", .paymentBatchList,
            query: Route.Parameter.list, gives: .list("PaymentBatchRow")
        ) { call in
            call.rows(try await call.core.payments.list(call.actor, page: call.list), \.json)
        },
        .api(
            .get, "/payable-claims", "listPayableClaims", "Claims that wait to be paid", .paymentBatchList,
            gives: .one("PayableClaims")
        ) { call in
            .json(.items(try await call.core.payments.payable(call.actor), \.json))
        },
        .api(
            .post, "/payments", "assemblePayments", "Put approved claims of one programme into a batch",
            .paymentBatchAssemble, body: MoneySchema.newBatch, gives: .created("Created"), once: true
        ) { call in
            let id = try await call.core.payments.assemble(
                call.actor, programme: try call.bodyID("programme"),
                claims: try call.content([ClaimID].self, of: "claims"), once: call.once)
            return .created("/api/v1/payments/\(id)", .object([("id", .of(id))]))
        },
        .api(
            .get, "/payments/{id}", "getPaymentBatch", "A batch with its payments", .paymentBatchRead,
            gives: .one("PaymentBatch")
        ) { call in
            let detail = try await call.core.payments.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.row.batch.version)
        },
        .api(
            .post, "/payments/{id}/release", "releasePayments", "Release, with your own count and sum",
            .paymentBatchRelease, body: MoneySchema.release, gives: .one("PaymentRelease"), versioned: true, once: true
        ) { call in
            let hash = try await call.core.payments.release(
                call.actor, try call.id(), version: call.version, count: call.json["count"]?.integer,
                total: call.json["total"]?.string.flatMap { Money($0) }, once: call.once)
            return .json(.object([("exportHash", .text(hash))]))
        },
        .api(
            .post, "/payments/{id}/file", "exportPayments",
            "The payment file; each account in it is opened on the record",
            .bankUnmask, gives: .file("text/csv")
        ) { call in
            let export = try await call.core.payments.export(call.actor, try call.id())
            return .download(export.csv, type: "text/csv; charset=utf-8", name: export.name)
        },
        .api(
            .post, "/payments/{id}/confirmation", "confirmPayments",
            "Record that the payments were made, by their file",
            .paymentBatchConfirm, body: MoneySchema.confirmation, gives: .one("PaymentConfirmation"), versioned: true,
            once: true
        ) { call in
            .json(
                .encoded(
                    try await call.core.payments.confirm(
                        call.actor, try call.id(), version: call.version, file: call.body("file"), once: call.once)))
        },
        .transition(
            "/payments/{id}/cancellation", "cancelPayments", "Cancel the batch", .paymentBatchCancel,
            body: FundSchema.reason
        ) {
            try await $0.core.payments.cancel($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
    ]
}
