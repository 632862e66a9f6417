import Domain
import Services

/// The decisive acts on a claim.
enum ClaimDecisions {
    static let all: [Decision<ClaimDetail>] = authority + department + money

    private static func brief(_ text: String) -> @Sendable (Visit, ClaimDetail) -> [any Markup] {
        { _, detail in
            [
                Component.Paragraph(text),
                Component.SummaryList([
                    .init("Authority", detail.award.organisationName),
                    .init("Instalment", detail.instalment.map { "\($0.position), at most \($0.amount)" }),
                    .init("Claimed", (detail.amount ?? detail.claim.content.total).description),
                    .init("Verified", detail.verified?.description ?? "Not yet"),
                ]),
            ]
        }
    }

    private static let authority: [Decision<ClaimDetail>] = [
        .init(
            path: "certification", name: "sendClaimForCertification", title: "Send to a certifier", confirm: "Send",
            action: .claimSendForCertification, done: "The claim is with your certifiers.",
            allowed: { $0.allowed.contains(.sendForCertification) && $0.problems.isEmpty },
            lead: brief("A certifier of your authority who did not write it reads and submits it."),
            act: {
                try await $0.core.claims.sendForCertification($0.actor, $1.claim.id, version: $0.form.version)
            }),
        .init(
            path: "submission", name: "submitClaim", title: "Certify and submit", confirm: "I certify this claim",
            action: .claimSubmit, done: "The claim is submitted.", wide: true,
            allowed: { $0.allowed.contains(.submit) },
            lead: { visit, detail in
                brief("Read every line before you certify.")(visit, detail) + [
                    ClaimStoryPage.lines(detail), Component.Heading("You confirm that"),
                    Component.BulletList(Claim.Declaration.points),
                ]
            },
            hidden: { _ in [("declarationVersion", Claim.Declaration.version)] },
            act: {
                try await $0.core.claims.submit(
                    $0.actor, $1.claim.id, version: $0.form.version,
                    declarationVersion: $0.form["declarationVersion"], once: $0.once)
            }),
        .init(
            path: "certification-refusal", name: "declineClaimCertification", title: "Send back to the editors",
            confirm: "Send back", style: .secondary, action: .claimDeclineCertification,
            done: "The claim went back to its editors.", reason: "What must change?",
            allowed: { $0.allowed.contains(.declineCertification) },
            lead: brief("Its editors change it and send it again."),
            act: {
                try await $0.core.claims.declineCertification(
                    $0.actor, $1.claim.id, version: $0.form.version, reason: $0.form["reason"])
            }),
    ]

    private static let department: [Decision<ClaimDetail>] = [
        .init(
            path: "checking", name: "beginClaimCheck", title: "Begin the check", confirm: "Begin",
            action: .claimBeginCheck, done: "The check has begun.", allowed: { $0.allowed.contains(.beginCheck) },
            lead: { visit, detail in
                brief("You look at the lines of the sample, which was drawn at random when the claim was submitted.")(
                    visit, detail) + ClaimStoryPage.holds(detail)
            },
            act: { try await $0.core.claims.beginCheck($0.actor, $1.claim.id, version: $0.form.version) }),
        .init(
            path: "query", name: "queryClaim", title: "Ask the authority", confirm: "Ask", style: .secondary,
            action: .claimQuery, done: "The authority is asked.", reason: "What do you ask?",
            allowed: { $0.allowed.contains(.query) }, lead: brief("The authority has ten working days to answer."),
            act: {
                try await $0.core.claims.query(
                    $0.actor, $1.claim.id, version: $0.form.version, question: $0.form["reason"])
            }),
        .init(
            path: "rejection", name: "rejectClaim", title: "Reject the claim", confirm: "Reject", style: .warning,
            action: .claimReject, done: "The claim is rejected.", reason: "Why is it rejected?",
            allowed: { $0.allowed.contains(.reject) },
            lead: brief("This ends the claim. The authority can start another for the instalment."),
            act: {
                try await $0.core.claims.reject(
                    $0.actor, $1.claim.id, version: $0.form.version, reason: $0.form["reason"], once: $0.once)
            }),
    ]

    private static let money: [Decision<ClaimDetail>] = [
        .init(
            path: "approval", name: "approveClaim", title: "Approve for payment", confirm: "Approve",
            action: .claimApprove, done: "The claim is approved for payment.",
            allowed: { $0.allowed.contains(.approve) },
            lead: { visit, detail in
                brief("You did not verify this claim, and you will not release its payment.")(visit, detail)
                    + ClaimStoryPage.holds(detail)
            },
            act: {
                try await $0.core.claims.approve($0.actor, $1.claim.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "return", name: "returnClaim", title: "Send back to be checked again", confirm: "Send back",
            style: .secondary, action: .claimReturn, done: "The claim is checked again.",
            reason: "What must be looked at?",
            allowed: { $0.allowed.contains(.sendBack) }, lead: brief("The officer looks at it again."),
            act: {
                try await $0.core.claims.return(
                    $0.actor, $1.claim.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "reversal-request", name: "requestClaimReversal", title: "Ask for a reversal", confirm: "Ask",
            style: .secondary, action: .claimRequestReversal, done: "An approver decides on the reversal.",
            reason: "Why is the payment to be taken back?", allowed: { $0.allowed.contains(.requestReversal) },
            lead: brief("Somebody else decides. A reversal is a new entry in the ledger; the old one stays."),
            act: {
                try await $0.core.claims.requestReversal(
                    $0.actor, $1.claim.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "reversal", name: "reverseClaim", title: "Reverse the payment", confirm: "Reverse it",
            style: .warning,
            action: .claimReverse, done: "The payment is reversed, and the money is due back.",
            allowed: { $0.allowed.contains(.reverse) },
            lead: brief("The money is due back from the authority. The ledger keeps both entries."),
            act: {
                try await $0.core.claims.reverse($0.actor, $1.claim.id, version: $0.form.version, once: $0.once)
            }),
    ]
}
