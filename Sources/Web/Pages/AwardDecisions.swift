import Domain
import Services

/// The decisive acts on an award, each a page that says what will happen and asks.
enum AwardDecisions {
    static let all: [Decision<AwardDetail>] = making + signing + life + ending

    private static func brief(_ text: String) -> @Sendable (Visit, AwardDetail) -> [any Markup] {
        { _, detail in
            [
                Component.Paragraph(text),
                Component.SummaryList([
                    .init("Authority", detail.organisationName), .init("Project", detail.title),
                    .init("Amount", detail.award.amount.description),
                ]),
            ]
        }
    }

    /// What is signed: its digest, and where it can be read.
    private static func agreed(_ text: String) -> @Sendable (Visit, AwardDetail) -> [any Markup] {
        { visit, detail in
            let number = detail.versions.last?.number ?? 1
            return brief(text)(visit, detail) + [
                FundParts.link(
                    "Read version \(number) of the agreement",
                    "/awards/\(detail.award.id)/agreement?version=\(number)"),
                Component.SummaryList([
                    .init(
                        "Fingerprint of what you sign (SHA-256)",
                        Templates.Filled(name: "fund-code", fields: ["text": .text(detail.agreementHash ?? "")]))
                ]),
                Component.Paragraph(
                    "You sign exactly this text. If anybody changes it, your signature does not count."),
            ]
        }
    }

    private static let digest: @Sendable (AwardDetail) -> [(String, String)] = {
        [("contentHash", $0.agreementHash ?? "")]
    }

    private static let making: [Decision<AwardDetail>] = [
        .init(
            path: "quality-check", name: "checkAgreement", title: "Check the agreement",
            confirm: "It is complete: pass it", action: .awardQualityCheck,
            done: "The agreement is checked and waits to be offered.",
            allowed: { $0.allowed.contains(.qualityCheck) },
            lead: { _, detail in
                [
                    Component.Paragraph(
                        "You did not draft this agreement. If every clause is there and the payments wait for the evaluation as they should, it becomes a version that nobody can change."
                    ),
                    FundParts.link("Read the agreement first", "/awards/\(detail.award.id)/agreement"),
                ]
            },
            act: { try await $0.core.awards.qualityCheck($0.actor, $1.award.id, version: $0.form.version) }),
        .init(
            path: "return", name: "returnAgreement", title: "Send the agreement back", confirm: "Send back",
            style: .secondary, action: .awardReturn, done: "The agreement went back to its drafter.",
            reason: "What must change?", allowed: { $0.allowed.contains(.sendBack) },
            lead: brief("It can be changed again, and is checked again."),
            act: {
                try await $0.core.awards.return(
                    $0.actor, $1.award.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "offer", name: "offerAward", title: "Offer the award", confirm: "Offer it", action: .awardOffer,
            done: "The award is offered to the authority.", allowed: { $0.allowed.contains(.offer) },
            lead: agreed("The authority is told, and has a month to accept."), hidden: digest,
            act: {
                try await $0.core.awards.offer(
                    $0.actor, $1.award.id, version: $0.form.version, contentHash: $0.form["contentHash"],
                    once: $0.once)
            }),
    ]

    private static let signing: [Decision<AwardDetail>] = [
        .init(
            path: "acceptance", name: "acceptAward", title: "Accept the award", confirm: "Accept for my authority",
            action: .awardAccept, done: "The award is accepted. The department signs next.",
            allowed: { $0.allowed.contains(.accept) },
            lead: { visit, detail in
                agreed("By accepting you bind your authority.")(visit, detail) + [
                    Component.Heading("You confirm that"), Component.BulletList(Awards.statementPoints),
                ]
            },
            questions: { _, ask in
                [
                    ask.text(
                        "councilDecision", "Reference of your council’s decision, if one was needed",
                        hint: "Where the sum is above your authority’s limit for key decisions.")
                ]
            }, hidden: digest,
            act: {
                try await $0.core.awards.accept(
                    $0.actor, $1.award.id, version: $0.form.version, contentHash: $0.form["contentHash"],
                    councilDecision: $0.form.optional("councilDecision"), once: $0.once)
            }),
        .init(
            path: "refusal", name: "declineAward", title: "Decline the award", confirm: "Decline it", style: .warning,
            action: .awardDecline, done: "The award is declined.", reason: "Why does your authority decline it?",
            allowed: { $0.allowed.contains(.decline) },
            lead: brief("This ends the offer. The money can go to another authority."),
            act: {
                try await $0.core.awards.decline(
                    $0.actor, $1.award.id, version: $0.form.version, reason: $0.form["reason"], once: $0.once)
            }),
        .init(
            path: "signature", name: "signAward", title: "Sign for the department", confirm: "Sign",
            action: .awardSign, done: "The agreement is signed by both sides.",
            allowed: { $0.allowed.contains(.sign) },
            lead: agreed("The authority has accepted. With your signature both sides are bound."),
            questions: { _, ask in
                [
                    ask.text(
                        "ggisReference", "Reference on the government grants register",
                        hint: "It is needed before the first payment."),
                    ask.text("evaluatorName", "Evaluator", hint: "Leave blank if nobody is appointed yet."),
                    ask.date(
                        "evaluatorDueOn", "If nobody is appointed: by when an evaluator is appointed",
                        hint: "Usually within 30 days. For example, 27 11 2026"),
                    ask.date(
                        "protocolDueOn", "By when the evaluation protocol is due",
                        hint: "Usually within 90 days. For example, 27 11 2026"),
                ]
            }, hidden: digest, act: { try await sign($0, $1) }),
        .init(
            path: "activation", name: "activateAward", title: "Put the award into force", confirm: "Put into force",
            action: .awardActivate, done: "The award is in force. Returns, evaluation and baseline are planned.",
            allowed: { $0.allowed.contains(.activate) },
            lead: brief(
                "The money is committed, and the monitoring returns, the evaluation and the authority’s self-assessment are planned."
            ),
            act: {
                try await $0.core.awards.activate($0.actor, $1.award.id, version: $0.form.version, once: $0.once)
            }),
    ]

    private static func sign(_ visit: Visit, _ detail: AwardDetail) async throws {
        var reader = Form.Reader(visit.form)
        var signature = AwardSignature()
        signature.ggisReference = visit.form["ggisReference"]
        signature.evaluatorName = visit.form.optional("evaluatorName")
        signature.evaluatorDueOn = reader.day("evaluatorDueOn")
        signature.protocolDueOn = reader.day("protocolDueOn")
        try reader.check()
        try await visit.core.awards.sign(
            visit.actor, detail.award.id, version: visit.form.version, contentHash: visit.form["contentHash"],
            signature, once: visit.once)
    }

    private static let life: [Decision<AwardDetail>] = [
        .init(
            path: "suspension", name: "suspendAward", title: "Suspend payments", confirm: "Suspend", style: .warning,
            action: .awardSuspend, done: "Payments of this award are stopped.", reason: "Why are payments stopped?",
            allowed: { $0.allowed.contains(.suspend) },
            lead: brief("Nothing is paid until you let it go on. The authority has ten working days to answer."),
            act: {
                try await $0.core.awards.suspend(
                    $0.actor, $1.award.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "resumption", name: "resumeAward", title: "Let payments go on", confirm: "Let them go on",
            action: .awardResume, done: "Payments of this award go on.", reason: "Why can payments go on?",
            allowed: { $0.allowed.contains(.resume) }, lead: brief("Claims can be made and paid again."),
            act: {
                try await $0.core.awards.resume(
                    $0.actor, $1.award.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "completion-declaration", name: "declareAwardComplete", title: "Declare the project complete",
            confirm: "Declare it complete", action: .awardDeclareComplete,
            done: "Your project is declared complete. The department looks at it next.",
            allowed: { $0.allowed.contains(.declareComplete) },
            lead: brief(
                "You confirm that the project is over. Claims for spending within the period can still be made."),
            act: { try await $0.core.awards.declareComplete($0.actor, $1.award.id, version: $0.form.version) }),
        .init(
            path: "completion", name: "completeAward", title: "Record that the award is complete",
            confirm: "It is complete", action: .awardComplete,
            done: "The award is complete. Finance reconciles it next.",
            allowed: { $0.allowed.contains(.complete) },
            lead: brief("The authority has declared its project complete, and its last return is accepted."),
            act: { try await $0.core.awards.complete($0.actor, $1.award.id, version: $0.form.version) }),
    ]

    private static let ending: [Decision<AwardDetail>] = [
        .init(
            path: "reconciliation", name: "reconcileAward", title: "Reconcile the accounts", confirm: "Reconcile",
            action: .awardReconcile, done: "The accounts are reconciled. The senior officer closes the award.",
            allowed: { $0.allowed.contains(.reconcile) },
            lead: brief("You have compared what was claimed, evidenced and paid."),
            questions: { _, ask in
                [
                    ask.area("note", "What the reconciliation came to"),
                    ask.area(
                        "assets", "What was bought that lasts",
                        hint: "Say who keeps it, or that nothing was bought that lasts.", rows: 3),
                ]
            },
            act: {
                try await $0.core.awards.reconcile(
                    $0.actor, $1.award.id, version: $0.form.version, note: $0.form["note"], assets: $0.form["assets"])
            }),
        .init(
            path: "closure", name: "closeAward", title: "Close the award", confirm: "Close it", action: .awardClose,
            done: "The award is closed. Follow-up is planned for the years to come.",
            allowed: { $0.allowed.contains(.close) },
            lead: brief("What was promised and not paid is given back. Follow-up goes on after the close."),
            act: {
                try await $0.core.awards.close($0.actor, $1.award.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "termination", name: "terminateAward", title: "End the award early", confirm: "End it",
            style: .warning, action: .awardTerminate, done: "The award is ended.", reason: "Why does it end early?",
            allowed: { $0.allowed.contains(.terminate) },
            lead: brief("What was promised and not paid is given back to the budget. This cannot be taken back."),
            questions: { detail, ask in
                [
                    ask.money(
                        "recovery", "How much of what was paid must come back",
                        hint: "Paid so far: \(detail.position.paid).")
                ]
            },
            act: { visit, detail in
                var reader = Form.Reader(visit.form)
                let recovery = reader.money("recovery")
                try reader.check()
                try await visit.core.awards.terminate(
                    visit.actor, detail.award.id, version: visit.form.version, reason: visit.form["reason"],
                    recovery: recovery, once: visit.once)
            }),
    ]
}
