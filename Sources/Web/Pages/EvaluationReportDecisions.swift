import Domain
import Hummingbird
import Services

/// What can be decided about a report. Nothing here withholds one that is signed off.
extension EvaluationReportPages {
    private static func says(_ text: String) -> @Sendable (Visit, EvaluationReportDetail) -> [any Markup] {
        { _, _ in [Component.Paragraph(text)] }
    }

    private static func offers(_ event: EvaluationReportEvent) -> @Sendable (EvaluationReportDetail) -> Bool {
        { $0.allowed.contains(event) }
    }

    static let decisions: [Decision<EvaluationReportDetail>] = authors + leads + publication

    private static let authors: [Decision<EvaluationReportDetail>] = [
        .init(
            path: "fact-check-request", name: "sendReportForFactCheck", title: "Have the facts checked",
            confirm: "Send it",
            action: .evaluationReportSendForFactCheck, done: "The authority has 10 working days to check the facts.",
            allowed: { $0.allowed.contains(.sendForFactCheck) && $0.problems.isEmpty },
            lead: says(
                "The authority and the department may comment on facts, and on nothing else. You answer each comment."),
            act: {
                try await $0.core.evaluationReports.sendForFactCheck($0.actor, $1.report.id, version: $0.form.version)
            }),
        .init(
            path: "fact-check-end", name: "finishFactCheck", title: "We have checked the facts",
            confirm: "We have checked the facts",
            action: .evaluationReportFinishFactCheck, done: "The author knows that you are done.",
            allowed: { $0.allowed.contains(.finishFactCheck) && !$0.factCheckFinished },
            lead: says("The author may then submit the report, once every comment has an answer."),
            act: {
                try await $0.core.evaluationReports.finishFactCheck($0.actor, $1.report.id, version: $0.form.version)
            }),
        .init(
            path: "submission", name: "submitReport", title: "Submit for peer review", confirm: "Submit the report",
            action: .evaluationReportSubmit, done: "The report is submitted.", allowed: offers(.submit),
            lead: { _, detail in
                [
                    Component.Paragraph(
                        "The report is frozen with a digest of its text. What the primary outcome says is computed from its interval."
                    )
                ] + PaperParts.needs(detail.problems, base: base(detail.report.id))
            },
            act: {
                _ = try await $0.core.evaluationReports.submit(
                    $0.actor, $1.report.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "correction-proposal", name: "proposeCorrection", title: "Propose a correction",
            confirm: "Propose the correction",
            style: .secondary, action: .evaluationReportProposeCorrection,
            done: "The correction waits for the review lead.",
            reason: "What does it correct, and why?",
            allowed: { $0.allowed.contains(.proposeCorrection) && $0.problems.isEmpty },
            lead: says(
                "Change the parts first. The version in public stays until the review lead publishes the correction."),
            act: {
                _ = try await $0.core.evaluationReports.proposeCorrection(
                    $0.actor, $1.report.id, version: $0.form.version, note: $0.form["reason"], once: $0.once)
            }),
        .init(
            path: "pressure", name: "flagPressure", title: "Report pressure", confirm: "Report it", style: .secondary,
            action: .evaluationReportFlagPressure, done: "The senior officer responsible and the auditors were told.",
            reason: "What happened?", allowed: \.mayFlagPressure,
            lead: says(
                "Say if somebody pressed for other conclusions. Only the senior officer responsible and auditors read it."
            ),
            act: { try await $0.core.evaluationReports.flagPressure($0.actor, $1.report.id, body: $0.form["reason"]) }),
    ]

    private static let leads: [Decision<EvaluationReportDetail>] = [
        .init(
            path: "review", name: "beginReportReview", title: "Begin the peer review", confirm: "Begin the review",
            action: .evaluationReportBeginReview, done: "The reviewers can begin.", allowed: offers(.beginReview),
            lead: says("Two reviewers must have accepted and be clear of interests."),
            act: { try await $0.core.evaluationReports.beginReview($0.actor, $1.report.id, version: $0.form.version) }),
        .init(
            path: "sign-off", name: "signOffReport", title: "Sign the report off", confirm: "Sign the report off",
            action: .evaluationReportSignOff, done: "The report is signed off and must be public within 84 days.",
            allowed: offers(.signOff),
            lead: { _, detail in
                [
                    Component.Paragraph(
                        "Once signed off, the report is published whatever it says. Its quality is judged here, never its result."
                    ),
                    FundParts.link("Open the desk", "\(base(detail.report.id))/reviews"),
                ] + PaperParts.messages(detail.messages) + gaps(detail)
            },
            act: {
                try await $0.core.evaluationReports.signOff(
                    $0.actor, $1.report.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "revision", name: "reviseReport", title: "Send back to be revised", confirm: "Send back",
            style: .secondary,
            action: .evaluationReportAskToRevise, done: "The report went back to its author.",
            reason: "What must change?",
            allowed: offers(.askToRevise), lead: says("The author sees what the reviewers said, without their names."),
            act: {
                try await $0.core.evaluationReports.askToRevise(
                    $0.actor, $1.report.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "correction", name: "correctReport", title: "Publish the correction",
            confirm: "Publish the correction",
            action: .evaluationReportCorrect, done: "The correction is public. The version before stays within reach.",
            allowed: offers(.correct), lead: says("Ratings that rest on this report are reviewed again."),
            act: {
                try await $0.core.evaluationReports.correct(
                    $0.actor, $1.report.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "withdrawal", name: "withdrawReport", title: "Withdraw the report", confirm: "Withdraw",
            style: .warning,
            action: .evaluationReportWithdraw, done: "The report is withdrawn. The notice stays in public.",
            reason: "Why is it withdrawn? The public reads this.", allowed: offers(.withdraw),
            lead: says("Withdraw only what is wrong beyond correction. A result that nobody likes is no reason."),
            act: {
                try await $0.core.evaluationReports.withdraw(
                    $0.actor, $1.report.id, version: $0.form.version, reason: $0.form["reason"], once: $0.once)
            }),
    ]

    private static func gaps(_ detail: EvaluationReportDetail) -> [any Markup] {
        guard !detail.gaps.isEmpty else { return [] }
        let words = detail.gaps.map { gap in
            let parts = gap.split(separator: ":").map(String.init)
            return parts.count == 2 ? "\(Words.plain(parts[0])) \(parts[1])" : Words.plain(gap)
        }
        return [Component.Heading("Still missing", level: 3), Component.BulletList(words)]
    }

    private static let publication: [Decision<EvaluationReportDetail>] = [
        .init(
            path: "schedule", name: "scheduleReport", title: "Set the day of publication", confirm: "Set the day",
            style: .secondary, action: .evaluationReportSchedule, done: "The report will be public on that day.",
            allowed: offers(.schedule), lead: says("On that day it is published without anybody doing anything."),
            questions: { _, ask in [ask.date("on", "Public on")] },
            act: { visit, detail in
                var reader = Form.Reader(visit.form)
                let day = reader.day("on")
                if day == nil, visit.form.optional("on-day") == nil { reader.refuse("on", "Enter the day.") }
                try reader.check()
                guard let day else { throw Refusal.notFound("day") }
                try await visit.core.evaluationReports.schedule(
                    visit.actor, detail.report.id, version: visit.form.version, on: day)
            }),
        .init(
            path: "publication", name: "publishReport", title: "Publish now", confirm: "Publish now",
            action: .evaluationReportPublish, done: "The report is public.", allowed: offers(.publish),
            lead: says("Everybody can read it from this moment on."),
            act: {
                try await $0.core.evaluationReports.publish(
                    $0.actor, $1.report.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "delay", name: "delayReport", title: "Delay publication", confirm: "Delay publication",
            style: .secondary,
            action: .evaluationReportDelay, done: "The delay is recorded, and listed in public by the report’s title.",
            allowed: { $0.allowed.contains(.delay) || $0.allowed.contains(.renewDelay) },
            lead: says(
                "A delay lasts at most twelve weeks and has one of six reasons. The title, the reason and the day are public at once. Only the senior officer responsible can renew it."
            ),
            questions: { _, ask in
                [
                    ask.radios(
                        "delayReason", "Why?", Options.of(EvaluationReport.DelayReason.self) { Words.label($0) }),
                    ask.area("text", "In words", hint: "Needed for quality and for another reason.", rows: 3),
                    ask.date("until", "Until when?"),
                ]
            }, act: { try await delay($0, $1) }),
    ]

    private static func delay(_ visit: Visit, _ detail: EvaluationReportDetail) async throws {
        var reader = Form.Reader(visit.form)
        let reason: EvaluationReport.DelayReason? = reader.choice("delayReason")
        let until = reader.day("until")
        if reason == nil { reader.refuse("delayReason", "Choose the reason.") }
        if until == nil, visit.form.optional("until-day") == nil { reader.refuse("until", "Enter until when.") }
        try reader.check()
        guard let reason, let until else { throw Refusal.notFound("reason") }
        try await visit.core.evaluationReports.delay(
            visit.actor, detail.report.id, version: visit.form.version, reason: reason, text: visit.form["text"],
            until: until,
            once: visit.once)
    }
}
